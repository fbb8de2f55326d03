import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./pages.ts";

const linesOf = (file: string) => readFileSync(join(root, file), "utf8").split("\n").length - 1;
const filesIn = (...patterns: string[]) => globSync(patterns, { cwd: root });
const sum = (files: readonly string[]) => files.reduce((lines, file) => lines + linesOf(file), 0);

describe("the size of the house", () => {
  const program = filesIn("components/**/*.ts", "infra/**/*.{ts,js}").filter(
    (file) => !file.startsWith(join("infra", "commands")),
  );
  const commands = filesIn("infra/commands/**/*.{ts,js}");
  const rehearsal = filesIn("test/{rehearsal,simulator,support,bench,toolchain}/**/*.{ts,js}");

  it("at most 95 files are in components", () => {
    const files = filesIn("components/**/*.ts");

    expect(files.length).toBeGreaterThan(50);
    expect(files.length).toBeLessThanOrEqual(95);
  });

  it("at most 15 sources outside tests have 15 lines or fewer", () => {
    const small = [...program, ...commands, ...rehearsal].filter((file) => linesOf(file) <= 15);

    expect(small.length).toBeLessThanOrEqual(15);
  });

  it("what is neither program nor test has at most three times the lines of the program", () => {
    expect(sum([...commands, ...rehearsal]) / sum(program)).toBeLessThan(3);
  });
});
