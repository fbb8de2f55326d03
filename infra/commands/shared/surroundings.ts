import type { Ending } from "./ending.ts";
import type { Environment } from "./engine/environment.ts";

/** What a command finds around it. */
export interface Surroundings {
  /** Folder of the project, which holds `stacks/`. */
  readonly root: string;
  readonly env: Environment;
  /** Writes text to stdout as it is. */
  readonly write: (text: string) => void;
  /** Writes a line to stdout. */
  readonly say: (line: string) => void;
  /** Writes a line to stderr. */
  readonly complain: (line: string) => void;
  readonly ending: Ending;
}
