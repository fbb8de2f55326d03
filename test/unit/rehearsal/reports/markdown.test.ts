import { describe, expect, it } from "vitest";
import { dataOfFailure } from "../../../rehearsal/reports/dataOf.ts";
import { markdown } from "../../../rehearsal/reports/markdown.ts";
import { resource } from "../timeline/resources.ts";
import { context, deadlocked, reportData } from "./rehearsal.ts";

/** The lines of the section with this heading that are not empty. */
function section(heading: string, text = markdown(reportData())): string[] | undefined {
  const found = text.split(/\n(?=## )/).find((part) => part.startsWith(`## ${heading}\n`));
  return found?.split("\n").filter((line) => line !== "");
}

describe("the report of a rehearsal that passed", () => {
  it("begins with the verdict and the figures", () => {
    expect(markdown(reportData()).split("\n").slice(0, 10)).toEqual([
      "# Rehearsal passed: stacks/Pulumi.dev.yaml (through destroy)",
      "",
      "|  |  |",
      "|---|---|",
      "| first `pulumi up` | 14m40s |",
      "| `pulumi destroy` | 13m01s |",
      "| resources | 11 |",
      "| cost per month | 373.74 USD |",
      "| checks that hold | 1 of 1 |",
      "| left behind | nothing |",
    ]);
  });

  it("has a section for everything, in the order in which one asks", () => {
    expect(markdown(reportData()).match(/^## .*/gm)).toEqual([
      "## Timeline",
      "## Critical path",
      "## Resources",
      "## Cost",
      "## Checks",
      "## Left behind after destroy",
      "## What was real",
    ]);
  });

  it("draws the timeline", () => {
    const diagrams = [...markdown(reportData()).matchAll(/```mermaid\n%%.*\n(\S+).*\n([\s\S]*?)\n```/g)];

    expect(diagrams.map(([, kind]) => kind)).toEqual(["gantt"]);
  });

  it("says which parts were simulated", () => {
    expect(section("What was real")).toEqual([
      "## What was real",
      "| part |  |  |",
      "|---|---|---|",
      "| Pulumi's engine | real | pulumi v3.250.0 |",
      "| AWS | simulated | objects in memory |",
    ]);
  });

  it("owns up to a price that is not known", () => {
    const inputs = { instanceTypes: ["u-24tb1.metal"], scalingConfig: { desiredSize: 1 } };
    const resources = [resource("aws:eks/nodeGroup:NodeGroup", "dev-huge", { inputs })];
    const text = markdown(reportData({ resources }));

    expect(section("Cost", text)?.slice(3, 5)).toEqual([
      "| 1 × u-24tb1.metal instance | unknown |",
      "| **total** | **0.00**, without what is unknown |",
    ]);
  });

  it("is short after a preview", () => {
    const resources: [] = [];
    const text = markdown(reportData({ resources, checks: [], leftBehind: undefined }));

    expect(text.match(/^#.*/gm)).toEqual([
      "# Rehearsal passed: stacks/Pulumi.dev.yaml (through destroy)",
      "## What was real",
    ]);
  });
});

describe("the report of a rehearsal that failed", () => {
  it("says so first, with every problem as it is", () => {
    expect(markdown(reportData(deadlocked)).split("\n").slice(0, 9)).toEqual([
      "# Rehearsal failed: stacks/Pulumi.dev.yaml, 1 problem",
      "",
      "```text",
      "it timed out",
      "without a node",
      "deadlock: tigera-operator waits for a node on which the operator's pod can run; dev-default, which would bring it, depends on tigera-operator",
      "timed out: tigera-operator after 10m00s: a node on which the operator's pod can run",
      "```",
      "",
    ]);
  });

  it("marks the check that does not hold, and lists what was left behind", () => {
    const checks = [{ name: "kube-proxy is Absent", failures: ["it is Running", "a|b"] }];
    const leftBehind = ["aws:ec2/vpc:Vpc vpc-1"];
    const text = markdown(reportData({ checks, leftBehind, problems: ["one", "two"] }));

    expect(text).toContain("# Rehearsal failed: stacks/Pulumi.dev.yaml, 2 problems");
    expect(text).toContain("| ✗ | kube-proxy is Absent | it is Running<br>a\\|b |");
    expect(text).toContain("| checks that hold | 0 of 1 |");
    expect(section("Left behind after destroy", text)).toEqual([
      "## Left behind after destroy",
      "- aws:ec2/vpc:Vpc vpc-1",
    ]);
  });

  it("tells what broke it off before it began", () => {
    const data = dataOfFailure("--stack: no stack is named x.", context);

    expect(data).toMatchObject({ version: 1, passed: false, time: null, counts: null, resources: [] });
    expect(markdown(data)).toContain("```text\n--stack: no stack is named x.\n```");
  });
});
