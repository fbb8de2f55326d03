import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { badVpcCnis } from "../../../components/facts/vpcCni.ts";
import { existingSchema } from "../../../components/settings/existing.ts";
import { settingsTable } from "./settingsTable.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const page = await readFile(join(root, "docs", "existing-cluster.md"), "utf8");

describe("docs/existing-cluster.md", () => {
  it("has every setting with its default and meaning, as the schema has them", () => {
    const start = page.indexOf("| setting | default | meaning |");

    expect(page.slice(start, page.indexOf("\n\n", start))).toBe(settingsTable(existingSchema));
  });

  it("lists the outputs of the program", async () => {
    const source = await readFile(join(root, "infra", "existing", "program.ts"), "utf8");
    const declared = /interface ExistingOutputs \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
    const outputs = [...declared.matchAll(/readonly (\w+):/g)].map(([, name]) => name);
    const sentence = /The outputs are (.*)\./.exec(page)?.[1] ?? "";

    expect(outputs.length).toBeGreaterThan(3);
    expect([...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(outputs);
  });

  it.each(["existing-cluster.md", "after-up.md", "troubleshooting.md"])(
    "and %s: name the releases of the VPC CNI that are refused",
    async (name) => {
      const text = await readFile(join(root, "docs", name), "utf8");
      const refused = Object.keys(badVpcCnis);

      expect(text).toContain(`${refused[0]} to ${refused.at(-1)}`);
    },
  );
});
