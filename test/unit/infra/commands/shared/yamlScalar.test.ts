import { describe, expect, it } from "vitest";
import { readPlainScalar } from "../../../../../infra/commands/shared/yamlScalar.ts";

describe("a plain scalar", () => {
  it.each([
    ["010", 8],
    ["-010", -8],
    ["08", 8],
    ["0o17", 15],
    ["0x1F", 31],
    ["-0b11", -3],
    ["0b-1", -1],
    ["1_000", 1000],
    ["+12", 12],
    ["-0", 0],
    ["1.30", 1.3],
    ["1e3", 1000],
    [".5", 0.5],
    ["18446744073709551616", 18446744073709552000],
    ["True", true],
    ["FALSE", false],
    ["~", null],
    ["", null],
    ["2026-1-2", "2026-01-02 00:00:00 +0000 UTC"],
    ["0004-02-29", "0004-02-29 00:00:00 +0000 UTC"],
  ])("%s is %j", (source, value) => {
    expect(readPlainScalar(source)).toEqual({ value });
  });

  it.each([
    "yes",
    "no",
    "on",
    "off",
    "y",
    "tRUE",
    "nULL",
    "_1",
    "._5",
    "0b2",
    "1e400",
    "190:20:30",
    "2026-02-30",
    "2026-01",
    "10.0.0.0/8",
  ])("%s is a text", (source) => {
    expect(readPlainScalar(source)).toEqual({ value: source });
  });

  it.each([
    [".inf", "a number that Pulumi's configuration cannot represent"],
    [".NaN", "a number that Pulumi's configuration cannot represent"],
    ["9007199254740993", "a number with more digits than this program can represent"],
    ["2026-01-02 03:04:05", "a time, which Pulumi would rewrite"],
  ])("%s is refused", (source, unclear) => {
    expect(readPlainScalar(source)).toEqual({ unclear });
  });
});
