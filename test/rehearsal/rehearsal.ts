import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { Settings } from "../../components/settings/settings.ts";
import type { GraphResource } from "../../infra/commands/shared/graph.ts";
import type { Progress } from "../../infra/commands/shared/progress.ts";
import type { RealParts } from "../simulator/realKubernetes/realKubernetes.ts";
import type { Wait } from "../simulator/world/activity.ts";
import type { KubernetesDouble } from "../simulator/world/kubernetesDouble.ts";
import type { World, WorldOptions } from "../simulator/world/world.ts";
import type { ChangeData } from "./changes/changeData.ts";
import type { Check } from "./checks.ts";
import type { Engine } from "./engine.ts";
import type { Stage } from "./options.ts";
import type { FaultsData } from "./reports/reportData.ts";
import type { Deadlock } from "./timeline/deadlocks.ts";

export interface RehearseOptions {
  readonly program: PulumiFn;
  readonly command: PulumiCommand;
  /** Folder of the project. */
  readonly root: string;
  readonly settings: Settings;
  /** The stack file's `config:` mapping. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Last stage to run. Default destroy. */
  readonly until?: Stage;
  readonly progress?: Progress;
  /** Changes to the simulated AWS. */
  readonly world?: Partial<WorldOptions>;
  /** Runs the Kubernetes half on a real control plane, made of these. Default: in memory. */
  readonly realKubernetes?: Omit<RealParts, "serviceCidr">;
  /** Operations that the engine runs at a time: `--parallel`. Default: its own. */
  readonly parallel?: number;
  /** Checks the stack once it is up and complete. Returns the problems, a line each. */
  readonly onUp?: (up: Up) => Promise<readonly string[]>;
}

/** A stack that is up. */
export interface Up {
  readonly engine: Engine;
  readonly world: World<KubernetesDouble>;
}

/** Result of a rehearsal. */
export interface Rehearsal {
  readonly settings: Settings;
  /** Last planned stage. */
  readonly until: Stage;
  /** The problems; empty: success. */
  readonly problems: readonly string[];
  /** Warnings of the program, a sentence each. */
  readonly warnings: readonly string[];
  /** Number of resources by type, as the first preview shows them. */
  readonly previewed: Partial<Record<string, number>>;
  /** State after `up`; empty if `up` did not finish. */
  readonly resources: readonly GraphResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly checks: readonly Check[];
  /** Run-time waits that timed out. */
  readonly timedOut: readonly Wait[];
  readonly deadlocks: readonly Deadlock[];
  /** What was left behind; undefined when nothing was destroyed. */
  readonly leftBehind: readonly string[] | undefined;
  /** What a change of the stack did. Absent: there was none. */
  readonly change?: ChangeData;
  /** Injected faults. Absent: none. */
  readonly faults?: FaultsData;
}
