// JavaScript that any Node.js since version 14 can read: an older one has to be able to say that it is too old.
import { mkdirSync } from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What every entry says instead of starting; undefined: this Node.js runs TypeScript itself. */
export function nodeProblem() {
  return process.features.typescript
    ? undefined
    : `calico-ebpf-eks needs Node 22.18 or newer; this is ${process.version}. Install it from https://nodejs.org, or use \`npx pulumi\` after \`npm ci\`, which brings Node 24.`;
}

/**
 * Keeps what Node.js compiles, which is most of what a short run costs; where it always does, unless the temporary
 * directory takes no folder: Node.js would make a missing one, and try for ever in /proc.
 */
export function cacheCompiled() {
  try {
    mkdirSync(join(tmpdir(), "node-compile-cache"));
  } catch (error) {
    if (error.code !== "EEXIST") return;
  }
  module.enableCompileCache();
}

/**
 * Goes on with a program in TypeScript, or says in one sentence why not.
 * @param {() => Promise<unknown>} run
 */
export function withNode(run) {
  const problem = nodeProblem();
  if (problem === undefined) {
    cacheCompiled();
    return run();
  }
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
  return Promise.resolve();
}
