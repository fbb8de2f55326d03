import { describe, expect, it } from "vitest";
import { gantt } from "../../../rehearsal/reports/gantt.ts";
import type { StepData, TimeData } from "../../../rehearsal/reports/reportData.ts";

function timeOf(...steps: readonly StepData[]): TimeData {
  return {
    upSeconds: Math.max(0, ...steps.map(({ startSeconds, seconds }) => startSeconds + seconds)),
    destroySeconds: 1,
    steps,
    criticalPath: [],
  };
}

const step: StepData = {
  name: "Vpc network",
  urn: "",
  where: "AWS",
  startSeconds: 0,
  seconds: 13,
  critical: false,
};

/** Without the line of settings, which no reader sees. */
const lines = (diagram: string) => diagram.split("\n").slice(1);

describe("the gantt chart", () => {
  it("has a section for AWS and one for the cluster, with the critical path marked", () => {
    const operator = {
      ...step,
      name: "Deployment tigera-operator",
      where: "cluster",
      startSeconds: 3599,
    } as const;

    expect(lines(gantt(timeOf({ ...step, critical: true }, operator)))).toEqual([
      "gantt",
      "  title First pulumi up#58; 60m12s",
      "  dateFormat YYYY-MM-DD HH:mm:ss",
      "  axisFormat %H:%M:%S",
      "  tickInterval 5minute",
      "  todayMarker off",
      "  section AWS",
      "    Vpc network :crit, 2000-01-05 00:00:00, 13s",
      "  section cluster",
      "    Deployment tigera-operator :2000-01-05 00:59:59, 13s",
    ]);
  });

  it("leaves short steps out, and a section without steps", () => {
    const short = { ...step, name: "Subnet", where: "cluster", seconds: 9 } as const;

    expect(gantt(timeOf(step, short))).not.toMatch(/Subnet|section cluster/);
    expect(gantt(timeOf(step, { ...short, seconds: 10 }))).toContain("    Subnet :2000-01-05 00:00:00, 10s");
  });

  it("shows short steps where there are no others", () => {
    expect(gantt(timeOf({ ...step, seconds: 2 }))).toContain("    Vpc network :2000-01-05 00:00:00, 2s");
  });

  it("escapes a name that would be a statement", () => {
    expect(gantt(timeOf({ ...step, name: "section: a;b" }))).toContain("    #115;ection#58; a#59;b :");
  });
});
