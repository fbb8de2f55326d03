import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { policies } from "../../../infra/policies/policies.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const page = await readFile(join(root, "docs", "policies.md"), "utf8");
const packageOf = async (folder: string) =>
  JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));

describe("docs/policies.md", () => {
  it("lists every policy with its description, in the order in which they are reported", () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm)];

    expect(rows.map(([, name, description]) => ({ name, description }))).toEqual(
      policies.map(({ name, description }) => ({ name, description })),
    );
  });
});

describe("the policy pack", () => {
  it("runs on the version of the SDK that is installed with the project", async () => {
    const [project, pack] = [await packageOf("."), await packageOf("infra/policies")];

    expect(pack.dependencies).toEqual({ "@pulumi/policy": project.dependencies["@pulumi/policy"] });
  });
});
