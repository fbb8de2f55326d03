import { type Disruption, disruptions } from "../../../infra/commands/shared/disruptions.ts";
import type { GraphResource } from "../../../infra/commands/shared/graph.ts";
import { labelWithout } from "../reports/labels.ts";
import { totalSeconds } from "../timeline/schedule.ts";
import { changeSchedule } from "./changeSchedule.ts";
import { differences, type SettingChange } from "./differences.ts";
import { type Change, noticesOf } from "./noticed.ts";
import type { Step } from "./steps.ts";

/** What a change does, for both reports. */
export interface ChangeData {
  readonly settings: readonly SettingChange[];
  /** In the order in which they end on AWS, by the estimate. */
  readonly steps: readonly StepData[];
  /** Seconds of the whole `up` on AWS, estimated. */
  readonly seconds: number;
  /** What users may notice, in the order of the steps. */
  readonly notices: readonly NoticeData[];
}

interface StepData {
  readonly operation: string;
  /** Kind and name, without the cluster's. */
  readonly name: string;
  readonly startSeconds: number;
  readonly seconds: number;
}

interface NoticeData extends Disruption {
  /** Steps that bring it. */
  readonly at: readonly string[];
}

/** Combines what the engine did with its effects. */
export function changeData(
  change: Change,
  steps: readonly Step[],
  resources: readonly GraphResource[],
): ChangeData {
  const label = labelWithout(change.to.cluster.name);
  const placed = changeSchedule(steps, resources, change);
  const inOrder = steps
    .map((step) => ({ step, scheduled: placed.get(step.urn) }))
    .toSorted((a, b) => (a.scheduled?.endSeconds ?? 0) - (b.scheduled?.endSeconds ?? 0));
  const noticed = inOrder.flatMap(({ step }) =>
    noticesOf(step, change).map((notice) => ({ notice, at: label(step.urn) })),
  );
  return {
    settings: differences(withoutNames(change.from), withoutNames(change.to)),
    steps: inOrder.map(({ step, scheduled }) => ({
      operation: step.operation,
      name: label(step.urn),
      startSeconds: scheduled?.startSeconds ?? 0,
      seconds: scheduled?.seconds ?? 0,
    })),
    seconds: totalSeconds(placed),
    notices: [...Map.groupBy(noticed, ({ notice }) => notice)].map(([notice, all]) => ({
      ...(disruptions[notice] as Disruption),
      at: all.map(({ at }) => at),
    })),
  };
}

/** What the program adds to a stack file is not one of its settings. */
function withoutNames({ project: _, stack: _stack, ...settings }: Change["from"]): object {
  return settings;
}
