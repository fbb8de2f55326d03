import { expect, it } from "vitest";
import { carefulFiles } from "../../support/stackFiles.ts";
import { judge } from "./wholeStackFiles.ts";

it("carefully written stack files give graphs in which the invariants hold, or are refused by what is in them", async () => {
  const count = await judge(carefulFiles, 500);

  // A generator that drifts would test nothing of what it is for.
  expect(count.passed).toBeGreaterThan(200);
}, 300_000);
