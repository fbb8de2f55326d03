import type { Environment } from "../shared/engine/environment.ts";

/** What a step of the workflows finds around it. */
export interface Surroundings {
  readonly env: Environment;
  /** Folder of the project. */
  readonly root: string;
  readonly say: (text: string) => void;
}

/** How a program ended, and what it wrote to stdout and stderr. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}
