import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { fullDisk, systemProblem } from "../../../../../infra/commands/shared/errors.ts";

const systemError = (code: string, path?: string) => Object.assign(new Error(code), { code, path });
const otherPlace = "hoose another directory: TMPDIR for temporary files, XDG_CACHE_HOME for cached tools.";

describe("What the machine refuses", () => {
  it.each([
    { code: "ENOSPC", said: `no space left on the device. Free some space, or c${otherPlace}` },
    { code: "EDQUOT", said: `the disk quota is used up. Free some space, or c${otherPlace}` },
    { code: "EROFS", said: `the file system is read-only. C${otherPlace}` },
    { code: "EACCES", said: `permission denied. C${otherPlace}` },
  ])("is said in a line: $code", ({ code, said }) => {
    expect(systemProblem(systemError(code, "/a/b"))).toBe(`/a/b: ${said}`);
  });

  it("names both places where the system names none", () => {
    expect(systemProblem(systemError("ENOSPC"))).toContain(
      `the temporary directory (${tmpdir()}) or the cache: no`,
    );
  });

  it("is not used for a bug of this project", () => {
    expect(systemProblem(systemError("ENOENT", "/a/b"))).toBeUndefined();
    expect(systemProblem(new TypeError("x is not a function"))).toBeUndefined();
    expect(systemProblem("text")).toBeUndefined();
  });

  it("is not reported for a disk with room", () => {
    expect(fullDisk(tmpdir())).toBeUndefined();
  });
});
