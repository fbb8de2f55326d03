import { describe, expect, it } from "vitest";
import type { Check, Finding, Outcome } from "../../../../../infra/commands/verify/check.ts";
import { junit, outcomeLines, summaryLine } from "../../../../../infra/commands/verify/reports.ts";

const check: Check = {
  name: "kernel",
  title: "every kernel will do",
  source: "a test",
  meaning: "It will not do.",
  cure: "Replace it.",
  needs: ["read"],
  run: async () => [],
};

const outcome = (verdict: Outcome["verdict"], ...findings: readonly Finding[]): Outcome => ({
  name: "kernel",
  title: "every kernel will do",
  verdict,
  findings,
  seconds: 1.5,
});
const seen = (node: string, verdict: Finding["verdict"], evidence: string): Finding => ({
  node,
  verdict,
  evidence,
});
const thousand = Array.from({ length: 1000 }, (_, index) => seen(`n${index}`, "passed", "6.12"));

describe("the lines of a check", () => {
  it("are one when it passed, however many nodes there are", () => {
    expect(outcomeLines(outcome("passed", ...thousand), check, 8)).toEqual(["✓ kernel   1000 nodes: 6.12"]);
  });

  it("name the node, the evidence, the meaning, the cure and where there is more when it failed", () => {
    const findings = [seen("a", "passed", "6.12"), seen("b", "failed", "5.4 is too old")];

    expect(outcomeLines(outcome("failed", ...findings), check, 8)).toEqual([
      "✗ kernel   node b: 5.4 is too old",
      "           Meaning: It will not do.",
      "           Fix: Replace it.",
      "           More: docs/troubleshooting.md#kernel",
    ]);
  });

  it("do not say that anything is wrong where that is not known", () => {
    expect(outcomeLines(outcome("unknown", seen("a", "unknown", "it is gone")), check, 6)).toEqual([
      "? kernel node a: it is gone",
      "         Could not be checked; nothing is known to be wrong.",
    ]);
  });

  it("say why a check does not apply", () => {
    const why = { verdict: "unknown", evidence: "no eBPF is wanted" } as const;

    expect(outcomeLines(outcome("not applicable", why), check, 6)).toEqual([
      "- kernel not applicable: no eBPF is wanted",
    ]);
  });

  it("end with how many came to what", () => {
    const all = [outcome("passed"), outcome("failed"), outcome("failed"), outcome("unknown")];

    expect(summaryLine(all, 12, 3.04)).toBe(
      "4 checks: 1 passed, 2 failed, 1 unknown, 0 not applicable; 12 requests in 3.0 s",
    );
  });
});

describe("the JUnit file", () => {
  it("counts failures, errors and skipped checks, and escapes what was seen", () => {
    const all = [
      outcome("failed", seen("a", "failed", 'x < "1" & \u0000')),
      outcome("unknown"),
      outcome("not applicable"),
    ];
    const text = junit(all, "stack dev", undefined);

    expect(text).toContain(
      '<testsuite name="verify stack dev" tests="3" failures="1" errors="1" skipped="1"',
    );
    expect(text).toContain('<failure message="failed">node a: x &lt; &quot;1&quot; &amp; </failure>');
  });

  it("holds an error where no check was run", () => {
    expect(junit([], "stack dev", "nothing listens there")).toContain(
      '<error message="not run">nothing listens there</error>',
    );
  });
});
