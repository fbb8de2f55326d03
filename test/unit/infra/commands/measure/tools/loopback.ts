import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ownEnvironment } from "../../../../../../infra/commands/shared/engine/environment.ts";

/** What a tool printed, and how it ended. */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** No run of a tool takes longer; what does is ended. */
const longestSeconds = 60;

const startSeconds = 10;

/** TCP_LISTEN of include/net/tcp_states.h, as /proc/net/tcp prints it. */
const listenState = "0A";

/** A server on this machine's loopback interface, and a client that asks it. */
export interface LoopbackRun {
  readonly file: string;
  /** Arguments of the server on a port. */
  server(port: number): readonly string[];
  client(port: number): readonly string[];
}

/** Runs a real tool against its server on the loopback interface, and ends both. */
export async function onLoopback({ file, server, client }: LoopbackRun): Promise<Outcome> {
  const port = await freePort();
  const serving = started(file, server(port));
  try {
    await listening(port, serving.child);
    return await started(file, client(port)).ended;
  } finally {
    serving.child.kill("SIGKILL");
    await serving.ended;
  }
}

function started(file: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(file, args, {
    env: ownEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestSeconds * 1000,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const ended = new Promise<Outcome>((resolve) => {
    child.once("error", (error) => resolve({ ...output, stderr: `${error.message}\n`, exitCode: 127 }));
    child.once("close", (code) => resolve({ ...output, exitCode: code ?? 137 }));
  });
  return { child, ended };
}

async function listening(port: number, server: ChildProcess): Promise<void> {
  const limit = performance.now() + startSeconds * 1000;
  while (performance.now() < limit && server.exitCode === null) {
    if (await isListening(port)) return;
    await sleep(20);
  }
  throw new Error(`${server.spawnfile} did not listen on port ${port}`);
}

/** Read from the kernel: iperf3 treats any connection as a client's, and refuses the next one meanwhile. */
async function isListening(port: number): Promise<boolean> {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const sockets = (await readFile("/proc/net/tcp", "utf8"))
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return sockets.some(([, local, , state]) => local === address && state === listenState);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
