import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const standIn = fileURLToPath(new URL("standIn.sh", import.meta.url));

/** Programs of this machine that do no harm and nearly every image has. */
const realPrograms = [
  ...["bash", "sh", "grep", "egrep", "sed", "head", "tail", "wc", "sort", "uniq", "tr", "cut", "seq"],
  ...["echo", "printf", "true", "false", "test", "env", "sleep", "cat", "date"],
] as const;

/** Makes the folders that are the PATH in a container: its simulated programs, and harmless real ones. */
export class Images {
  readonly #folder: string;
  readonly #made = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  pathOf(programs: readonly string[]): string {
    const key = programs.join(" ");
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    const path = join(this.#folder, `image-${this.#made.size}`);
    mkdirSync(path);
    this.#made.set(key, path);
    for (const name of programs) symlinkSync(standIn, join(path, name));
    for (const name of realPrograms.filter((one) => !programs.includes(one))) {
      const real = [`/bin/${name}`, `/usr/bin/${name}`].find((file) => existsSync(file));
      if (real !== undefined) symlinkSync(real, join(path, name));
    }
    return path;
  }
}
