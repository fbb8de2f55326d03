import type { Stage } from "./options.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** A rehearsal while it runs. */
export type Draft = { -readonly [K in keyof Rehearsal]: Rehearsal[K] } & { problems: string[] };

/** A rehearsal without results yet. */
export function emptyDraft(settings: Rehearsal["settings"], until: Stage): Draft {
  return {
    settings,
    until,
    problems: [],
    warnings: [],
    previewed: {},
    resources: [],
    outputs: {},
    checks: [],
    timedOut: [],
    deadlocks: [],
    leftBehind: undefined,
  };
}
