import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { types } from "../../simulator/aws/types.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { bothFamilies, existingNetwork, parked, withoutNat } from "../infra/variants.ts";
import { pageOf, root } from "./pages.ts";

// Recording the whole program takes a second, and a busy machine makes it many.
vi.setConfig({ testTimeout: 60_000 });

const rows = [...pageOf("docs/operations.md").text.matchAll(/^\| `(aws:[^`]+)` \| (.*?) \|/gm)].map(
  ([, type = "", id = ""]) => ({ type, id }),
);

/** What the eks component registers by itself, which only the engine sees. */
const childrenOfCluster = [types.cluster, types.accessEntry, types.accessPolicyAssociation];

async function registeredTypes(changes: SettingsChange): Promise<string[]> {
  const { resources } = await record(program, { config: stackConfig(changes) });
  return resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
}

/** Ids as the provider's own documentation has them. */
function documentedIds(type: string): string[] {
  const [module = "", file = ""] = type.split(":")[1]?.split("/") ?? [];
  const text = readFileSync(join(root, "node_modules/@pulumi/aws", module, `${file}.d.ts`), "utf8");
  return [...text.matchAll(/\$ pulumi import \S+ \S+ (\S+)/g)].map(([, id = ""]) => id);
}

/** What holds the parts of an id together, and what it begins with. */
const form = (id: string) => id.replace(/arn:aws[^#]*/gi, "ARN").replace(/[^/:#,]+/g, "x");

describe("the import ids in docs/operations.md", () => {
  it("are there for every type of AWS that the program registers", async () => {
    const variants = [
      { network: { flowLogs: true } },
      bothFamilies,
      existingNetwork,
      parked,
      withoutNat,
    ] satisfies SettingsChange[];
    const seen = new Set<string>(childrenOfCluster);
    for (const variant of variants) for (const type of await registeredTypes(variant)) seen.add(type);

    expect(rows.map(({ type }) => type)).toEqual(expect.arrayContaining([...seen]));
  });

  it.each(rows.filter(({ id }) => id.startsWith("`")))(
    "has the form that the provider documents: $type",
    ({ type, id }) => {
      const written = /`([^`]+)`/.exec(id)?.[1] ?? "";
      // A policy's ARN itself contains slashes and colons.
      const forms = documentedIds(type).map((one) => form(one.replace(/arn:aws[^#]*/g, "ARN")));

      expect(forms).toContain(form(written));
    },
  );
});
