import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { killGroup, removeGroup } from "./cgroups.ts";
import { CommandError, type CommandOptions, type Ended, must, run, start } from "./command.ts";

const initScript = fileURLToPath(new URL("init.sh", import.meta.url));

const startSeconds = 30;

export interface SpaceOptions {
  /** Host name, and name of its folder and control group. */
  readonly name: string;
  /** Folder of the run. */
  readonly folder: string;
  /** Control group of the run. */
  readonly cgroup: string;
  /** Folders of this machine that are seen in it under the same path, whatever file system they are on. */
  readonly visible?: readonly string[];
}

/**
 * A machine of the lab: own network, processes, mounts, host name and control groups, and a copy-on-write view of this
 * machine's files. It lives as long as its first process, which ends when this process does: the kernel then ends all
 * that runs in it, and takes away its interfaces, mounts and programs.
 */
export class Space {
  readonly name: string;
  /** Folder that both this machine and the space see under the same path. */
  readonly shared: string;
  /** Folder of its control group. */
  readonly cgroup: string;
  /** Its first process, as this machine counts them. */
  readonly pid: number;
  readonly #init: ChildProcess;

  private constructor({ name, folder, cgroup }: SpaceOptions, init: ChildProcess, pid: number) {
    this.name = name;
    this.shared = sharedFolder(folder, name);
    this.cgroup = join(cgroup, name);
    this.pid = pid;
    this.#init = init;
  }

  /** @throws CommandError when the kernel refuses a part of it */
  static async start(options: SpaceOptions): Promise<Space> {
    const { name, folder, cgroup, visible = [] } = options;
    const own = join(cgroup, name);
    const [root, shared] = [join(folder, name, "root"), sharedFolder(folder, name)];
    for (const path of [own, root, shared]) mkdirSync(path, { recursive: true });
    const namespaces = ["--net", "--mount", "--uts", "--pid", "--ipc", "--cgroup"];
    const unshare = ["unshare", ...namespaces, "--propagation=private", "--fork", "--kill-child=KILL"];
    const init = start(
      [
        ...["setpriv", "--pdeathsig=KILL", ...inGroup(own), ...unshare],
        ...["bash", initScript, name, root, shared, ...visible],
      ],
      { stdio: ["pipe", "pipe", "pipe"], detached: true },
    );
    return new Space(options, init, await firstLine(init, name));
  }

  /** The words before a command that make it run here. */
  entering(cgroup = this.cgroup, pid = this.pid): string[] {
    const kinds = ["--mount", "--net", "--uts", "--pid", "--ipc", "--cgroup"];
    return [...inGroup(cgroup), "nsenter", `--target=${pid}`, ...kinds, "--"];
  }

  /** Runs a command here to its end. */
  run(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    return run([...this.entering(), ...limited(argv, options)], options);
  }

  /**
   * Runs a command here and returns what it prints.
   * @throws CommandError when it fails
   */
  must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
    return must([...this.entering(), ...limited(argv, options)], options);
  }

  /** The first process has not ended. */
  get lives(): boolean {
    return this.#init.exitCode === null && this.#init.signalCode === null;
  }

  /** Ends everything in it. */
  async stop(): Promise<void> {
    killGroup(this.cgroup);
    this.#init.stdin?.destroy();
    this.#init.kill("SIGKILL");
    await removeGroup(this.cgroup);
  }
}

/** The words before a command that put it into a control group. */
function inGroup(cgroup: string): string[] {
  return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', cgroup];
}

function sharedFolder(folder: string, name: string): string {
  return join(folder, name, "shared");
}

/** `nsenter` does not pass its end on to what it started. */
function limited(argv: readonly string[], { timeoutSeconds = 30 }: CommandOptions): string[] {
  return ["timeout", "--signal=KILL", String(timeoutSeconds), ...argv];
}

/** Waits for the line by which the first process says that it is ready, and which process it is. */
function firstLine(init: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let [text, errors] = ["", ""];
    const fail = (why: string) => reject(new CommandError(`namespaces of ${name}: ${why}`));
    const limit = setTimeout(() => fail(`not ready within ${startSeconds} s`), startSeconds * 1000);
    init.stderr?.setEncoding("utf8").on("data", (part: string) => {
      errors += part;
    });
    init.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const pid = /^ready (\d+)\n/m.exec(text)?.[1];
      if (pid === undefined) return;
      clearTimeout(limit);
      resolve(Number(pid));
    });
    init.once("error", (error) => fail(error.message));
    init.once("close", () => fail(errors.trim().split("\n").at(-1) ?? "ended"));
  });
}
