import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { fullDisk, systemProblem } from "./systemErrors.ts";

const systemError = (code: string, path?: string) => Object.assign(new Error(code), { code, path });
const whatToDo =
  "Make room, or name another place: TMPDIR for what is temporary, XDG_CACHE_HOME for the tools.";

describe("What the machine refuses", () => {
  it.each([
    { code: "ENOSPC", meaning: "no space is left on the disk" },
    { code: "EDQUOT", meaning: "the disk quota is used up" },
    { code: "EROFS", meaning: "the disk is read-only" },
    { code: "EACCES", meaning: "this user may not write there" },
  ])("is told in a line: $code", ({ code, meaning }) => {
    expect(systemProblem(systemError(code, "/a/b"))).toBe(`/a/b: ${meaning}. ${whatToDo}`);
  });

  it("names both places where the system names none", () => {
    expect(systemProblem(systemError("ENOSPC"))).toContain(
      `the temporary folder (${tmpdir()}) or the cache: no`,
    );
  });

  it("is not what a mistake in here comes to", () => {
    expect(systemProblem(systemError("ENOENT", "/a/b"))).toBeUndefined();
    expect(systemProblem(new TypeError("x is not a function"))).toBeUndefined();
    expect(systemProblem("text")).toBeUndefined();
  });

  it("is no disk with room on it", () => {
    expect(fullDisk(tmpdir())).toBeUndefined();
  });
});
