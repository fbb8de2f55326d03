import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "./container.ts";
import type { ContainerSpec, Probe } from "./podSpec.ts";
import type { Space } from "./space.ts";

/** Where a probe is sent to. */
export interface ProbeTarget {
  readonly space: Space;
  readonly container: Container;
  /** The pod's address. */
  readonly ip: string;
}

/** What the probes of a container decide. */
export interface ProbeOutcome {
  onReady(ready: boolean): void;
  /** Its liveness or startup probe has failed too often: it is to be started again. */
  onFailed(which: string): void;
}

/**
 * A container that is not ready is looked at more often than its probe's period, as the kubelet may do ("to make the Pod
 * ready faster", kubernetes.io, Configure Probes).
 */
const mostUnreadySeconds = 3;

/** Sends the probes of a container for as long as it runs, as the kubelet does: from the node's own network. */
export async function probe(target: ProbeTarget, outcome: ProbeOutcome): Promise<void> {
  const { spec } = target.container.plan;
  if (!(await started(target, spec, outcome))) return;
  if (spec.readinessProbe === undefined) outcome.onReady(true);
  await Promise.all([
    spec.readinessProbe &&
      repeat(target, spec.readinessProbe, (ok) => outcome.onReady(ok), mostUnreadySeconds),
    spec.livenessProbe &&
      repeat(target, spec.livenessProbe, (ok) => {
        if (!ok) outcome.onFailed("liveness");
      }),
  ]);
}

async function started(target: ProbeTarget, spec: ContainerSpec, outcome: ProbeOutcome): Promise<boolean> {
  if (spec.startupProbe === undefined) return true;
  const { failureThreshold = 3 } = spec.startupProbe;
  await pause(spec.startupProbe.initialDelaySeconds ?? 0);
  for (let failures = 0; target.container.runs; ) {
    if (await answers(target, spec.startupProbe)) return true;
    failures += 1;
    if (failures >= failureThreshold) {
      outcome.onFailed("startup");
      return false;
    }
    await pause(spec.startupProbe.periodSeconds ?? 10);
  }
  return false;
}

/** Says true at the first success, and false when it has failed as often as it may. */
async function repeat(
  target: ProbeTarget,
  one: Probe,
  say: (ok: boolean) => void,
  mostFailingSeconds = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = one;
  await pause(initialDelaySeconds);
  let failures = 0;
  while (target.container.runs) {
    failures = (await answers(target, one)) ? 0 : failures + 1;
    if (!target.container.runs) return;
    if (failures === 0) say(true);
    if (failures >= failureThreshold) say(false);
    await pause(failures === 0 ? periodSeconds : Math.min(periodSeconds, mostFailingSeconds));
  }
}

/** A probe that is still to come keeps no run from ending. */
function pause(seconds: number): Promise<void> {
  return sleep(seconds * 1000, undefined, { ref: false });
}

/** Whether a probe succeeds. */
export async function answers({ space, container, ip }: ProbeTarget, one: Probe): Promise<boolean> {
  const { timeoutSeconds = 1, exec, httpGet, tcpSocket } = one;
  if (exec !== undefined) return (await container.run(exec.command, { timeoutSeconds })).code === 0;
  const port = (given: number | string) =>
    typeof given === "number"
      ? given
      : (container.plan.spec.ports?.find(({ name }) => name === given)?.containerPort ?? 0);
  if (httpGet !== undefined) {
    const { path = "/", host = ip, scheme = "HTTP" } = httpGet;
    const url = `${scheme.toLowerCase()}://${host}:${port(httpGet.port)}${path}`;
    const curl = ["curl", "--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{http_code}"];
    const { stdout } = await space.run([...curl, "--max-time", String(timeoutSeconds), url], {
      timeoutSeconds: timeoutSeconds + 5,
    });
    return Number(stdout) >= 200 && Number(stdout) < 400;
  }
  if (tcpSocket !== undefined) {
    const { host = ip } = tcpSocket;
    const open = `exec 3<> /dev/tcp/${host}/${port(tcpSocket.port)}`;
    // The time is the connection's: on a busy machine, entering the node takes longer than that.
    const argv = ["timeout", String(timeoutSeconds), "bash", "-c", open];
    return (await space.run(argv, { timeoutSeconds: timeoutSeconds + 5 })).code === 0;
  }
  return true;
}
