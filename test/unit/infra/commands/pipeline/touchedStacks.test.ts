import { expect, it } from "vitest";
import { touchedStacks } from "../../../../../infra/commands/pipeline/steps/listed.ts";

const stacks = ["dev", "prod", "stage.eu"];

it.each([
  { files: ["stacks/Pulumi.prod.yaml"], touched: ["prod"] },
  { files: ["stacks/Pulumi.stage.eu.yaml", "docs/ci.md", "README.md"], touched: ["stage.eu"] },
  { files: ["stacks/Pulumi.gone.yaml"], touched: [] },
  {
    files: ["docs/ci.md", "CHANGELOG.md", ".ci/run", "test/unit/components/values/kernel.test.ts"],
    touched: [],
  },
  { files: [], touched: [] },
  { files: ["stacks/Pulumi.dev.yaml", "components/calico.ts"], touched: stacks },
  { files: ["package-lock.json"], touched: stacks },
  { files: ["Pulumi.yaml"], touched: stacks },
  { files: [".github/workflows/deploy.yml"], touched: stacks },
  { files: ["a/stacks/Pulumi.dev.yaml"], touched: stacks },
])("a change of $files touches $touched", ({ files, touched }) => {
  expect(touchedStacks(files, stacks)).toEqual(touched);
});

it("touches all of them when there are more files than GitHub lists", () => {
  expect(
    touchedStacks(
      Array.from({ length: 3000 }, () => "README.md"),
      stacks,
    ),
  ).toEqual(stacks);
  expect(
    touchedStacks(
      Array.from({ length: 2999 }, () => "README.md"),
      stacks,
    ),
  ).toEqual([]);
});
