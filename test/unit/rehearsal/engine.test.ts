import { describe, expect, it } from "vitest";
import { plainDiagnostic } from "../../rehearsal/engine.ts";

describe("a diagnostic of the engine", () => {
  it("has neither the marks of colours nor the stack trace of an exception", () => {
    const message = [
      "<{%reset%}>Unhandled exception: Error: invocation of aws:ec2/getSubnet:getSubnet returned an error: no matching EC2 Subnet found",
      "    at /project/node_modules/@pulumi/pulumi/runtime/invoke.js:242:29",
      "    at Object.answer [as callback] (file:///project/test/programCalls.ts:78:40)",
      "    at process.processTicksAndRejections (node:internal/process/task_queues:85:11)",
      "    at new Promise (<anonymous>)<{%reset%}>",
    ].join("\n");

    expect(plainDiagnostic(message)).toBe(
      "invocation of aws:ec2/getSubnet:getSubnet returned an error: no matching EC2 Subnet found",
    );
  });

  it("keeps lines that only begin as one does", () => {
    const message = "1 problem in the settings\n  network: at least two zones\n  at the end: none";

    expect(plainDiagnostic(message)).toBe(message);
  });
});
