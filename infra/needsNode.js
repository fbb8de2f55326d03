// JavaScript that any Node.js since version 14 can read: an older one has to be able to say that it is too old.
import { existsSync } from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";

/** What every entry says instead of starting; undefined: this Node.js runs TypeScript itself. */
export function nodeProblem() {
  return process.features.typescript
    ? undefined
    : `calico-ebpf-eks needs Node 22.18 or newer; this is ${process.version}. Install it from https://nodejs.org, or use \`npx pulumi\` after \`npm ci\`, which brings Node 24.`;
}

/**
 * Goes on with a program in TypeScript, or says in one sentence why not.
 * @param {() => Promise<unknown>} run
 */
export function withNode(run) {
  const problem = nodeProblem();
  if (problem === undefined) {
    // Compiling what a command loads is most of what a short one costs. It would make a TMPDIR that does not exist.
    if (existsSync(tmpdir())) module.enableCompileCache();
    return run();
  }
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
  return Promise.resolve();
}
