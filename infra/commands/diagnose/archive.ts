import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Collected } from "./collection.ts";

/** Packs files into one compressed archive, below a folder of its own. */
export async function archive(files: readonly Collected[], folder: string, now: Date): Promise<Buffer> {
  const tar = pack();
  const packed = buffer(tar.pipe(createGzip()));
  for (const { path, text } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    tar.entry({ name: `${folder}/${path}`, mode: 0o600, mtime: now }, text);
  }
  tar.finalize();
  return packed;
}
