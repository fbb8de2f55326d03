import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { redactObject, redactText } from "./redact.ts";

/** A file of the archive. */
interface Collected {
  /** `logs/calico-system/calico-node-x/calico-node.log` */
  readonly path: string;
  readonly text: string;
}

/** Most of one file: the end of a log tells more than its beginning. */
const mostBytes = 2 * 2 ** 20;

/** What goes into the archive, without credentials. */
export class Collection {
  readonly files: Collected[] = [];
  readonly #known: readonly string[];
  readonly #failures: string[] = [];

  /** @param known credentials that must not be in it */
  constructor(known: readonly string[]) {
    this.#known = known;
  }

  /** What could not be collected, a line each. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  addText(path: string, text: string): void {
    const cut = text.length > mostBytes ? `[cut: the beginning]\n${text.slice(-mostBytes)}` : text;
    this.files.push({ path, text: redactText(cut, this.#known) });
  }

  addObject(path: string, object: unknown): void {
    this.addText(path, `${JSON.stringify(redactObject(object), undefined, 2)}\n`);
  }

  /** Records a failure and continues with the rest. */
  async attempt(what: string, collect: () => Promise<void>): Promise<void> {
    try {
      await collect();
    } catch (error) {
      this.#failures.push(
        redactText(`${what}: ${error instanceof Error ? error.message : error}`, this.#known),
      );
    }
  }
}

/** Packs files into one compressed archive, in a single top-level folder. */
export async function archive(files: readonly Collected[], folder: string, now: Date): Promise<Buffer> {
  const tar = pack();
  const packed = buffer(tar.pipe(createGzip()));
  for (const { path, text } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    tar.entry({ name: `${folder}/${path}`, mode: 0o600, mtime: now }, text);
  }
  tar.finalize();
  return packed;
}
