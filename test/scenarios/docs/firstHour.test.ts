import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, pageOf } from "../../unit/docs/pages.ts";
import { exercisesOf, FreshCopy, missingPiece } from "../../unit/docs/walkThrough.ts";

const exercises = exercisesOf(blocksOf(pageOf("docs/first-hour.md")));
const copy = new FreshCopy();
afterAll(() => copy.remove());

describe("the first hour", () => {
  it("goes as it is written, command by command", async () => {
    for (const { script, fails, expected } of exercises) {
      const { code, output } = await copy.run(script);

      expect({ script, failed: code !== 0, output }).toMatchObject({ script, failed: fails });
      expect({ output, missing: missingPiece(output, expected) }).toMatchObject({ missing: undefined });
    }
    expect(exercises.length).toBe(6);
  }, 300_000);

  it("would notice a line that does not come, or comes too early", () => {
    expect(missingPiece("one\ntwo\n", ["one", "two"])).toBeUndefined();
    expect(missingPiece("one\ntwo\n", ["two", "one"])).toBe("one");
    expect(missingPiece("one\n", ["one", "one"])).toBe("one");
  });
});
