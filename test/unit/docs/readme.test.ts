import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../../components/checks/readSettings.ts";
import { problemReport } from "../../../components/values/problem.ts";
import { settingsTable } from "./settingsTable.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const readme = await readFile(join(root, "README.md"), "utf8");

describe("README", () => {
  it("has every setting with its default and meaning, as the schema has them", () => {
    const start = readme.indexOf("| setting | default | meaning |");
    const table = readme.slice(start, readme.indexOf("\n\n", start));

    expect(table).toBe(settingsTable());
  });

  it("lists the outputs of the program, in their order", async () => {
    const source = await readFile(join(root, "infra", "outputs.ts"), "utf8");
    const declared = /interface Outputs \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
    const outputs = [...declared.matchAll(/readonly (\w+):/g)].map(([, name]) => name);
    const section = readme.slice(readme.indexOf("### Outputs"), readme.indexOf("### Destroy"));
    const listed = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(outputs.length).toBeGreaterThan(5);
    expect(listed).toEqual(outputs);
  });

  it("shows an error as the program words it", () => {
    const { problems } = readSettings({
      config: {
        "aws:region": "eu-west-1",
        "calico-ebpf-eks:network": JSON.stringify({ nodeZones: ["eu-west-1a", "eu-west-1b"] }),
        "calico-ebpf-eks:cluster": JSON.stringify({ publicAccessCidrs: ["198.18.0.7/32"] }),
        "calico-ebpf-eks:nodePools": JSON.stringify({
          arm: { architecture: "arm64", instanceTypes: ["m7i.large"] },
        }),
      },
      project: "calico-ebpf-eks",
      stack: "prod",
      today: new Date("2026-11-21"),
    });

    expect(readme).toContain(problemReport(problems, "the settings of stack prod"));
  });
});
