import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { type Block, root } from "./pages.ts";

/** A command of a document, and what it says that one will see. */
export interface Exercise {
  readonly script: string;
  /** Whether it is to end with an error. */
  readonly fails: boolean;
  /** Pieces of what it prints, in their order. */
  readonly expected: readonly string[];
}

/** The blocks marked `sh run` or `sh run fails`, each with the block `text expect` that follows it, if one does. */
export function exercisesOf(blocks: readonly Block[]): Exercise[] {
  return blocks.flatMap(({ info, code }, index) => {
    if (!/^sh run\b/.test(info)) return [];
    const next = blocks[index + 1];
    const expected = next?.info === "text expect" ? next.code.split("\n").map((line) => line.trim()) : [];
    return [{ script: code, fails: info === "sh run fails", expected: expected.filter(Boolean) }];
  });
}

/** The first piece that is not there after those before it; undefined: all are. */
export function missingPiece(output: string, expected: readonly string[]): string | undefined {
  let from = 0;
  return expected.find((piece) => {
    const at = output.indexOf(piece, from);
    if (at === -1) return true;
    from = at + piece.length;
    return false;
  });
}

const leftOut = ["node_modules", ".git"];

/** A fresh copy of the project with its packages, as a newcomer has it. The caller removes it. */
export class FreshCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "first-hour-"));

  constructor() {
    cpSync(root, this.folder, {
      recursive: true,
      filter: (path) => !leftOut.includes(relative(root, path).split(sep)[0] ?? ""),
    });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs a script as if pasted into a shell. */
  run(script: string): Promise<{ code: number; output: string }> {
    return new Promise((resolve) => {
      const child = spawn("bash", ["-e", "-c", script], {
        cwd: this.folder,
        env: ownEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.once("close", (code) => resolve({ code: code ?? 1, output }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
