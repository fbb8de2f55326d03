import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import grpc from "@grpc/grpc-js";
import { addEngineServices, type Cloud, type Received } from "./engineServices.ts";

export interface EntryPointOptions extends Cloud {
  /** File that the CLI would run, from the repository's root. */
  readonly entry: string;
  /** Default: dev. */
  readonly stack?: string;
  /** Full keys (`aws:region`) to values; what is not a string reaches the program as JSON, as in a stack file. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Runs as `pulumi preview` does: nothing gets an id, and what only a cloud can tell stays unknown. Default: false. */
  readonly preview?: boolean;
  /** The program is killed after this time. Default: 60. */
  readonly timeoutSeconds?: number;
}

export interface EntryPointRun extends Readonly<Received> {
  /** 0: the program ran to its end. 32: it failed, and has reported the reason to the engine. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(import.meta.dirname, "..", "..", "..");
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");
const project = "calico-ebpf-eks";

/**
 * Runs an entry point in a separate process, exactly as the CLI's language host would, with an engine that records
 * what it receives and creates nothing.
 * @throws Error when the program has not ended in time
 */
export async function runEntryPoint(options: EntryPointOptions): Promise<EntryPointRun> {
  const { stack = "dev", preview = false, timeoutSeconds = 60 } = options;
  const received: Received = { resources: [], outputs: {}, secretOutputs: [], log: [] };
  // An engine limits no message; a whole kubeconfig or chart fits.
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  addEngineServices(server, { project, stack, preview }, options, received);
  try {
    const address = `127.0.0.1:${await listen(server)}`;
    const args = runnerArguments(options, { address, stack, preview });
    const ended = await programEnd(args, configTexts(options.config ?? {}), timeoutSeconds);
    return { ...received, ...ended };
  } finally {
    server.forceShutdown();
  }
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((done, failed) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? done(port) : failed(error),
    );
  });
}

/** What the language host passes for `main: <folder>/<file>` in Pulumi.yaml. */
function runnerArguments(
  { entry }: EntryPointOptions,
  { address, stack, preview }: { address: string; stack: string; preview: boolean },
): string[] {
  const path = resolve(root, entry);
  return [
    runner,
    `--monitor=${address}`,
    `--engine=${address}`,
    "--organization=organization",
    `--project=${project}`,
    `--stack=${stack}`,
    `--root-directory=${root}`,
    `--pwd=${dirname(path)}`,
    "--parallel=16",
    ...(preview ? ["--dry-run"] : []),
    basename(path),
  ];
}

function configTexts(config: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return JSON.stringify(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)])));
}

type End = Pick<EntryPointRun, "exitCode" | "stdout" | "stderr">;

function programEnd(args: readonly string[], config: string, timeoutSeconds: number): Promise<End> {
  return new Promise((done, failed) => {
    // Nothing of this process's environment: neither the test runner's, nor credentials, nor a loader for TypeScript.
    const env = { PULUMI_CONFIG: config, PULUMI_CONFIG_SECRET_KEYS: "[]" };
    const child = spawn(process.execPath, args, { env, cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      failed(new Error(`the program has not ended within ${timeoutSeconds} s\n${stdout}${stderr}`));
    }, timeoutSeconds * 1000);
    child.once("error", failed);
    child.once("close", (code) => {
      clearTimeout(limit);
      done({ exitCode: code ?? 1, stdout, stderr });
    });
  });
}
