import { ganttText } from "../../../infra/commands/shared/escape.ts";
import { minutes } from "./labels.ts";
import type { StepData, TimeData } from "./reportData.ts";

/** Steps shorter than this are left out, unless they are all there is. */
export const shortSeconds = 10;

const layout = {
  gantt: { barHeight: 22, barGap: 6, topPadding: 60, leftPadding: 80, useWidth: 1000 },
};

/** The timeline of a first `up` as a Mermaid gantt chart: the time of AWS, the time of the cluster, the critical path. */
export function gantt({ steps, upSeconds }: TimeData): string {
  const long = shown(steps);
  const title = `First pulumi up: ${minutes(upSeconds)}`;
  return [
    `%%{init: ${JSON.stringify(layout)}}%%`,
    "gantt",
    `  title ${ganttText(title)}`,
    // A day without a clock change: the browser interprets times in its own zone.
    "  dateFormat YYYY-MM-DD HH:mm:ss",
    `  axisFormat ${upSeconds < 3600 ? "%M:%S" : "%H:%M:%S"}`,
    `  tickInterval ${Math.max(1, Math.ceil(upSeconds / 60 / 14))}minute`,
    "  todayMarker off",
    ...section("AWS", long),
    ...section("cluster", long),
  ].join("\n");
}

/** The steps that the chart has a bar for. */
export function shown(steps: readonly StepData[]): readonly StepData[] {
  const long = steps.filter(({ seconds }) => seconds >= shortSeconds);
  return long.length > 0 ? long : steps;
}

function section(where: StepData["where"], steps: readonly StepData[]): string[] {
  const bars = steps
    .filter((step) => step.where === where)
    .map((step) => {
      const tag = step.critical ? "crit, " : "";
      return `    ${ganttText(step.name)} :${tag}${clock(step.startSeconds)}, ${Math.round(step.seconds)}s`;
    });
  return bars.length === 0 ? [] : [`  section ${where}`, ...bars];
}

function clock(seconds: number): string {
  return new Date(Date.UTC(2000, 0, 5) + Math.round(seconds) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
}
