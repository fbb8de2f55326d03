import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killGroup, processesOf, removeGroup } from "./cgroups.ts";
import { type CommandOptions, type Ended, run, start } from "./command.ts";
import type { Image } from "./images.ts";
import type { ContainerSpec } from "./podSpec.ts";
import type { Space } from "./space.ts";

/** What a container is started with. */
export interface ContainerPlan {
  readonly spec: ContainerSpec;
  readonly image: Image;
  readonly env: Readonly<Record<string, string>>;
  /** Path on the node of each volume, by its name. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Name of its pod's network namespace on the node, and of its host. Absent: the node's own network. */
  readonly network?: { readonly namespace: string; readonly hostName: string };
  /** Takes the place of its /etc/resolv.conf. Absent: the node's own. */
  readonly resolverFile?: string;
  /** Folder of its pod, which the node sees. */
  readonly folder: string;
  /** Control group of its pod. */
  readonly cgroup: string;
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const pollMilliseconds = 50;

/** Processes of one container on a node: own mounts and control group, the pod's network. */
export class Container {
  readonly plan: ContainerPlan;
  readonly startedAt = new Date();
  readonly #space: Space;
  readonly #cgroup: string;
  readonly #child: ChildProcess;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>;
  #running = true;

  constructor(space: Space, plan: ContainerPlan) {
    this.plan = plan;
    this.#space = space;
    this.#cgroup = join(plan.cgroup, plan.spec.name);
    mkdirSync(this.#cgroup, { recursive: true });
    const script = join(plan.folder, `${plan.spec.name}.sh`);
    writeFileSync(script, startScript(plan));
    const log = openSync(this.logFile, "a");
    const network =
      plan.network === undefined ? [] : ["nsenter", `--net=/run/netns/${plan.network.namespace}`, "--"];
    this.#child = start(
      [
        ...[...space.entering(this.#cgroup), ...network],
        ...["unshare", "--mount", "--uts", "--propagation=private", "--", "bash", script],
      ],
      { stdio: ["ignore", log, log], detached: true },
    );
    closeSync(log);
    this.ended = new Promise((resolve) => {
      const end = (code: number) => {
        this.#running = false;
        killGroup(this.#cgroup);
        resolve(code);
      };
      this.#child.once("error", () => end(128));
      this.#child.once("exit", (code) => end(code ?? 137));
    });
  }

  get runs(): boolean {
    return this.#running;
  }

  get logFile(): string {
    return logFileOf(this.plan.folder, this.plan.spec.name);
  }

  /** Microseconds of processor time that it has used. */
  get cpuMicroseconds(): number {
    const text = readFileSync(join(this.#cgroup, "cpu.stat"), "utf8");
    return Number(/^usage_usec (\d+)/m.exec(text)?.[1]);
  }

  /** The words before a command that make it run in here; undefined: it does not run. */
  entering(): string[] | undefined {
    const pid = this.#first();
    if (pid === undefined) return undefined;
    return [...this.#space.entering(this.#cgroup, pid), "env", "-i", ...environment(this.plan.env)];
  }

  /** Runs a command in it to its end. */
  async run(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    const words = this.entering();
    if (words === undefined) return { code: 126, stdout: "", stderr: "the container does not run" };
    const { timeoutSeconds = 30 } = options;
    return run([...words, "timeout", "--signal=KILL", String(timeoutSeconds), ...argv], options);
  }

  /** Signals its first process. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#first();
    if (pid === undefined) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }

  /** Lets it end, and kills what is left after a time. */
  async stop(graceSeconds: number): Promise<void> {
    if (this.#running) {
      this.signal("SIGTERM");
      const kill = setTimeout(() => killGroup(this.#cgroup), graceSeconds * 1000);
      await this.ended;
      clearTimeout(kill);
    }
    await removeGroup(this.#cgroup);
  }

  /** Waits until its own mounts are made, which is when a command can be run in it. */
  async begun(): Promise<void> {
    while (this.#running && this.#first() === undefined) {
      await new Promise((done) => setTimeout(done, pollMilliseconds));
    }
  }

  /** Its first process: the child of the one that entered the node. */
  #first(): number | undefined {
    if (!this.#running) return undefined;
    return processesOf(this.#cgroup).find((pid) => parentOf(pid) === this.#child.pid);
  }
}

export function logFileOf(folder: string, container: string): string {
  return join(folder, `${container}.log`);
}

/** Its own mounts, then its program. What the image brings hides the node's files only here. */
function startScript({ spec, image, env, volumes, network, resolverFile }: ContainerPlan): string {
  const mounts = (spec.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
    const from = volumes.get(name);
    if (from === undefined) return [];
    return mount(subPath === undefined ? from : join(from, subPath), mountPath);
  });
  const own = Object.entries(image.folders ?? {}).flatMap(([to, from]) => mount(from, to));
  // What only holds its place knows neither the pod's command nor its arguments.
  const { command = image.entrypoint, args } = image.rests === true ? {} : spec;
  const expanded = [...command, ...(args ?? (command === image.entrypoint ? (image.args ?? []) : []))].map(
    (word) => expand(word, env),
  );
  const words = [...environment(env), ...expanded].map(quoted).join(" ");
  const pod =
    network === undefined ? [] : [`hostname ${quoted(network.hostName)}`, "mount -t sysfs sysfs /sys"];
  const names = resolverFile === undefined ? [] : mount(resolverFile, "/etc/resolv.conf");
  return ["set -e", ...pod, ...names, ...mounts, ...own, `exec env -i ${words}`, ""].join("\n");
}

/** `$(NAME)` is the variable's value, where there is one. */
function expand(word: string, env: Readonly<Record<string, string>>): string {
  return word.replace(/\$\(([\w.-]+)\)/g, (whole, name: string) => env[name] ?? whole);
}

function mount(from: string, to: string): string[] {
  const [a, b] = [quoted(from), quoted(to)];
  return [
    `if [ -d ${a} ]; then mkdir -p ${b}; elif [ -e ${a} ]; then mkdir -p "$(dirname ${b})"; [ -e ${b} ] || : > ${b}; else mkdir -p ${a} ${b}; fi`,
    `mount --rbind ${a} ${b}`,
  ];
}

function environment(env: Readonly<Record<string, string>>): string[] {
  return Object.entries({ PATH: path, HOME: "/root", ...env }).map(([name, value]) => `${name}=${value}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
