import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../docs/pages.ts";

/** Destroys on purpose without a refresh, or after one that another function made; by file, how many. */
const unrefreshed: Readonly<Record<string, number>> = {
  // The fault is what happens without: a patch that cannot be given up.
  "test/scenarios/existingInMemory.test.ts": 1,
  // A rehearsal of faults refreshes where reads are to fail; its last destroy only looks what is left.
  "test/rehearsal/faults/convergence.ts": 1,
  "test/rehearsal/faults/rehearseFaults.ts": 1,
};

/** Engine calls of a text in their order, test by test: `up`, `refresh`, `destroy`. */
const callsIn = (text: string) =>
  text
    .split(/^ *it[.(]/m)
    .map((part) =>
      [...part.matchAll(/\b(?:engine|living|stack|life)\.(up|refresh|destroy)\(/g)].map(([, call]) => call),
    );

/** How many destroys no refresh precedes since the last up. */
function bare(calls: readonly (string | undefined)[]): number {
  return calls.filter((call, index) => call === "destroy" && lastOf(calls.slice(0, index)) !== "refresh")
    .length;
}

const lastOf = (calls: readonly (string | undefined)[]) => calls.findLast((call) => call !== "destroy");

it("a refresh stands before every destroy of a scenario or a rehearsal, as the documents recommend", () => {
  const files = globSync("test/{scenarios,rehearsal}/**/*.ts", { cwd: root });
  const found = files.flatMap((file) => {
    // The engine's own method of the name.
    if (file === "test/rehearsal/engine.ts") return [];
    const tests = callsIn(readFileSync(join(root, file), "utf8"));
    const count = tests.map(bare).reduce((sum, one) => sum + one, 0);
    return count === 0 ? [] : [[file, count] as const];
  });

  expect(files.length).toBeGreaterThan(100);
  expect(Object.fromEntries(found)).toEqual(unrefreshed);
});

it.each([
  [["up", "refresh", "destroy"], 0],
  [["up", "destroy"], 1],
  [["refresh", "up", "destroy"], 1],
  [["up", "destroy", "refresh", "destroy"], 1],
])("of the calls %j, %i destroys lack one", (calls, count) => {
  expect(bare(calls)).toBe(count);
});
