import { Writable } from "node:stream";
import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { oneLine } from "../text.ts";
import { ClusterError, type Failure, untilAborted } from "./errors.ts";

/** A command to run in a container. */
export interface ExecCall {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** Default 30. */
  readonly timeoutSeconds?: number;
}

/** Result of a command. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The connection was refused before the command started. */
class NotBegun extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Runs a command in a container, once. */
export async function exec(config: KubeConfig, call: ExecCall, signal: AbortSignal): Promise<ExecResult> {
  const { namespace, pod, container, command, timeoutSeconds = 30 } = call;
  const [stdout, stderr] = [new Collected(), new Collected()];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  let status: V1Status | undefined;
  const connecting = new Exec(config).exec(
    namespace,
    pod,
    container,
    [...command],
    stdout,
    stderr,
    null,
    false,
    (one) => {
      status = one;
    },
  );
  const socket = await untilAborted(connecting, limit).catch((event: unknown) => {
    if (limit.aborted) {
      // A socket that opens too late is closed.
      connecting.then(
        (late) => late.close(),
        () => {},
      );
      throw signal.aborted ? signal.reason : noConnection(pod, timeoutSeconds);
    }
    const message = (event as { message?: string }).message ?? String(event);
    throw new NotBegun(Number(/response: (\d+)/.exec(message)?.[1] ?? 0), message);
  });
  await new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      socket.close();
      const late = new ClusterError(0, `the command in pod ${pod} did not end within ${timeoutSeconds} s`);
      reject(signal.aborted ? signal.reason : late);
    };
    socket.onclose = () => {
      limit.removeEventListener("abort", giveUp);
      resolve();
    };
    if (limit.aborted) giveUp();
    else limit.addEventListener("abort", giveUp, { once: true });
  });
  if (status === undefined) {
    throw new ClusterError(0, `the connection to pod ${pod} was cut while a command ran`);
  }
  return { stdout: stdout.text, stderr: stderr.text, exitCode: exitCodeOf(status, pod) };
}

function noConnection(pod: string, seconds: number): ClusterError {
  return new ClusterError(0, `no connection to pod ${pod} within ${seconds} s`);
}

/** Keeps what is written to it. */
class Collected extends Writable {
  readonly #parts: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#parts).toString("utf8");
  }

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.#parts.push(Buffer.from(part));
    done();
  }
}

/** Why a command was not run, and whether another attempt may succeed. */
export function execFailure(error: unknown, { namespace, pod }: ExecCall): Failure {
  if (!(error instanceof NotBegun)) return { error: error as Error, isPassing: false };
  const { status, message } = error;
  const words: Readonly<Record<number, string>> = {
    401: "the credentials are not accepted (401): they have expired, or belong to another cluster",
    403: `this account may not exec into pods of ${namespace} (403): it needs create on pods/exec there`,
    404: `pod ${pod} is gone (404)`,
  };
  const other = `cannot exec into pod ${pod}: ${oneLine(message)}`;
  const isPassing = status === 0 || status === 429 || status >= 500;
  return { error: new ClusterError(status, words[status] ?? other), isPassing };
}

function exitCodeOf({ status, message = "", details }: V1Status, pod: string): number {
  if (status === "Success") return 0;
  const code = details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (code !== undefined) return Number(code);
  throw new ClusterError(0, `the command in pod ${pod} was not run: ${oneLine(message)}`);
}
