import { describe, expect, it } from "vitest";
import { program } from "../../../infra/program.ts";
import { typesOf } from "../../iam/stackPolicies.ts";
import { previewedResources } from "../../policies/preview.ts";
import { registration } from "../../stacks/registration.ts";
import { readStackFile } from "../stackFile.ts";
import { configTexts, stackSettings } from "../stackSettings.ts";
import { previewed } from "./previewing.ts";
import { root } from "./rehearsed.ts";

describe("The IAM policies of prod are about", () => {
  it("exactly the types that the engine sees, the children of the eks component among them", async () => {
    const stackFile = readStackFile({ stack: "prod" }, root);
    const settings = stackSettings(stackFile);
    const { output } = await previewed({
      program,
      config: stackFile.config,
      words: ["--json", "--show-sames"],
    });
    const seen = previewedResources("preview.json", output).map(({ type }) => type);
    const ours = typesOf(await registration(settings, configTexts(stackFile.config)), settings);

    expect([...new Set(seen.filter((type) => type.startsWith("aws:")))].toSorted()).toEqual(ours);
  });
});
