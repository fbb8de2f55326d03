import { expect, it } from "vitest";
import { carelessFiles } from "../../support/stackFiles.ts";
import { judge } from "./wholeStackFiles.ts";

it("stack files with mistakes are refused by what is in them, or give graphs in which the invariants hold", async () => {
  const count = await judge(carelessFiles, 500);

  // A generator that drifts would test nothing of what it is for.
  expect(count.refused).toBeGreaterThan(250);
}, 300_000);
