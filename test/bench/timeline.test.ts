import { describe, expect, it } from "vitest";
import { reportData } from "../unit/rehearsal/reports/rehearsal.ts";
import { figureLine } from "./measure.ts";
import { timelineFigure } from "./timeline.ts";

describe("the figure of the timeline", () => {
  it("compares with the lower bound, and names what makes the difference, most first", () => {
    expect(figureLine(timelineFigure(reportData()))).toBe(
      "✗ time to ready of dev ÷ lower bound: 1.15 (at most 1.05) — 14m40s against 12m44s; not forced there: NodeGroup later · first node joins (75 s), NodeGroup later · nodes Ready (30 s), NodeGroup default (15 s), NodeGroup later (15 s), ConfigMap endpoint (1 s), Installation installation (1 s), Subnet (-1 s), Addon (-20 s)",
    );
  });

  it("is not there without a timeline", () => {
    expect(() => timelineFigure(reportData({ resources: [] }))).toThrow(
      "the rehearsal's report has no timeline",
    );
  });
});
