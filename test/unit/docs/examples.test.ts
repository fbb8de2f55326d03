import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../../components/checks/checks.ts";
import { readExistingSettings, takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import { originOf } from "../../../infra/commands/shared/stackSettings.ts";
import { pageOf, root } from "./pages.ts";

const files = readdirSync(join(root, "stacks", "examples")).toSorted();

describe("the example stack files", () => {
  it("are those that the scenarios rehearse", () => {
    expect(files).toEqual([
      "Pulumi.amazon-vpc-cni.yaml",
      "Pulumi.existing-cluster.yaml",
      "Pulumi.existing-vpc.yaml",
      "Pulumi.private.yaml",
      "Pulumi.spot-and-mixed.yaml",
      "Pulumi.three-zones.yaml",
      "Pulumi.trial.yaml",
    ]);
  });

  it.each(files)("%s is sound", (name) => {
    const origin = originOf(readStackFile({ file: join(root, "stacks", "examples", name) }, root));
    const read = takesExisting(origin) ? readExistingSettings(origin) : readSettings(origin);

    expect(read.problems).toEqual([]);
  });

  it.each(["README.md", "docs/README.md"])("are linked from %s", (page) => {
    expect(pageOf(page).text).toMatch(/\]\((\.\.\/)?stacks\/examples\)/);
  });

  it.each(files)("%s is on the page that helps to choose", (name) => {
    expect(pageOf("docs/is-this-for-me.md").text).toContain(`(../stacks/examples/${name})`);
  });
});
