import type { ChangeData } from "../changes/changeData.ts";

/**
 * The output of `--json`; the Markdown report has the same content. Names are readable, IDs are
 * Pulumi URNs. Inputs and outputs of resources are left out: they hold secrets.
 */
export interface ReportData {
  /** Of this format. A field may be added without a new version; a removed field or a new meaning needs one. */
  readonly version: 1;
  readonly passed: boolean;
  /** The stack file as the user named it. */
  readonly stackFile: string;
  /** Last planned stage: preview, up or destroy. */
  readonly until: string;
  /** The problems; empty when the rehearsal passed. */
  readonly problems: readonly string[];
  /** Warnings of the program, a sentence each; a rehearsal may pass with them. */
  readonly warnings: readonly string[];
  readonly deadlocks: readonly DeadlockData[];
  readonly timedOut: readonly TimedOutData[];
  readonly parts: readonly Part[];
  /** Null unless `up` finished; so are `time` and `cost`. */
  readonly counts: CountData | null;
  readonly time: TimeData | null;
  readonly cost: CostData | null;
  /** What was checked on the simulated cluster after `up`; after faults also the recovery. */
  readonly checks: readonly { readonly name: string; readonly failures: readonly string[] }[];
  /** What a destroy left in the cloud; null when nothing was destroyed. */
  readonly leftBehind: readonly string[] | null;
  /** What a change of the stack did; null when there was none. */
  readonly change: ChangeData | null;
  readonly resources: readonly ResourceData[];
  /** Injected faults; null when there were none. */
  readonly faults: FaultsData | null;
}

export interface FaultsData {
  /** Each fault and interruption, whether or not it occurred. */
  readonly survived: readonly SurvivedData[];
  /** Every command that was run, in order. */
  readonly commands: readonly CommandData[];
}

export interface SurvivedData {
  /** `Vpc:create:error:once`, `SIGKILL after 200 events`. */
  readonly fault: string;
  /** How often it occurred. */
  readonly times: number;
  /** The resources that it hit; of a kill, what was in flight. */
  readonly on: readonly string[];
  /** The commands that a run without it would not have needed. */
  readonly took: readonly { readonly command: string; readonly times: number }[];
}

export interface CommandData {
  /** As a user types it: `pulumi up`. */
  readonly command: string;
  readonly outcome: "succeeded" | "failed" | "interrupted";
  /** Its faults and results, a line each. */
  readonly notes: readonly string[];
}

/** Two resources that wait for each other. */
interface DeadlockData {
  readonly waiting: string;
  readonly waitsFor: string;
  /** What would end the wait, but comes after the one that waits. */
  readonly blocked: string;
}

interface TimedOutData {
  readonly resource: string;
  readonly waitsFor: string;
  readonly seconds: number;
}

/** A part of the rehearsal. */
export interface Part {
  readonly name: string;
  /** False: simulated. */
  readonly real: boolean;
  readonly detail: string;
}

export interface CountData {
  /** As the CLI counts them: with the stack, without the providers that the engine adds by itself. */
  readonly total: number;
  readonly aws: number;
  readonly kubernetes: number;
  readonly providers: number;
  /** Without the stack itself. */
  readonly components: number;
  readonly byType: Readonly<Record<string, number>>;
}

/** Estimates from typical durations, in seconds from the start of a first `up`. */
export interface TimeData {
  readonly upSeconds: number;
  readonly destroySeconds: number;
  /** Every step that takes time, in the order of their starts. */
  readonly steps: readonly StepData[];
  /** The steps that determine how long `up` takes, first to last. */
  readonly criticalPath: readonly StepData[];
}

export interface StepData {
  readonly name: string;
  readonly urn: string;
  /** Where the time is spent: in an AWS service, or in the cluster. */
  readonly where: "AWS" | "cluster";
  readonly startSeconds: number;
  readonly seconds: number;
  readonly critical: boolean;
}

export interface CostData {
  readonly currency: "USD";
  readonly perMonth: number;
  /** False: some item has no price. */
  readonly complete: boolean;
  readonly items: readonly {
    readonly what: string;
    readonly quantity: number;
    /** Unit of the quantity; null: pieces. */
    readonly unit: string | null;
    readonly perMonth: number | null;
  }[];
  readonly assumptions: readonly string[];
}

interface ResourceData {
  readonly urn: string;
  readonly type: string;
  /** Logical name without the cluster's. */
  readonly name: string;
  /** False: a component. */
  readonly custom: boolean;
  readonly parent: string | null;
  readonly dependsOn: readonly string[];
}
