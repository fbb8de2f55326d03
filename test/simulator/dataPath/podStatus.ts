import type { ContainerSpec, Pod } from "./podSpec.ts";

/** What is known of a container. */
export interface ContainerState {
  readonly restarts: number;
  readonly running?: boolean;
  readonly ready?: boolean;
  readonly startedAt?: Date;
  /** Of its last end. */
  readonly exitCode?: number;
  readonly finishedAt?: Date;
  /** Why it does not run: `CrashLoopBackOff`. */
  readonly waiting?: string;
  readonly message?: string;
}

/** The status of a pod as a kubelet writes it. */
export function podStatus(
  pod: Pod,
  states: ReadonlyMap<string, ContainerState>,
  { nodeIp, podIp }: { nodeIp: string; podIp: string },
): object {
  const { containers, initContainers = [], restartPolicy = "Always" } = pod.spec;
  const sandbox = states.get("sandbox");
  const of = (list: readonly ContainerSpec[], isInit: boolean) =>
    list.map((spec) => containerStatus(spec, states.get(spec.name) ?? sandbox, isInit));
  const initialized = initContainers.every(({ name }) => states.get(name)?.exitCode === 0);
  const unready = containers.filter(({ name }) => states.get(name)?.ready !== true).map(({ name }) => name);
  const ready = initialized && unready.length === 0;
  const message = ready ? "" : `containers with unready status: [${unready.join(" ")}]`;
  const condition = (type: string, holds: boolean, more = {}) => ({
    type,
    status: holds ? "True" : "False",
    lastTransitionTime: stamp(new Date()),
    ...more,
  });
  const why = ready ? {} : { reason: "ContainersNotReady", message };
  return {
    phase: phase(containers, states, restartPolicy),
    hostIP: nodeIp,
    hostIPs: [{ ip: nodeIp }],
    ...(podIp === "" ? {} : { podIP: podIp, podIPs: [{ ip: podIp }] }),
    conditions: [
      condition("PodScheduled", true),
      condition("PodReadyToStartContainers", podIp !== ""),
      condition("Initialized", initialized),
      condition("ContainersReady", ready, why),
      condition("Ready", ready, why),
    ],
    initContainerStatuses: of(initContainers, true),
    containerStatuses: of(containers, false),
  };
}

function phase(
  containers: readonly ContainerSpec[],
  states: ReadonlyMap<string, ContainerState>,
  restartPolicy: string,
): string {
  const found = containers.map(({ name }) => states.get(name));
  const ended = found.every((state) => state?.exitCode !== undefined && state.running !== true);
  if (ended && restartPolicy !== "Always") {
    const succeeded = found.every((state) => state?.exitCode === 0);
    if (succeeded || restartPolicy === "Never") return succeeded ? "Succeeded" : "Failed";
  }
  return found.some((state) => state?.startedAt !== undefined) ? "Running" : "Pending";
}

function containerStatus(
  { name, image }: ContainerSpec,
  state: ContainerState = { restarts: 0 },
  isInit: boolean,
): object {
  const {
    restarts,
    running = false,
    ready = false,
    exitCode,
    startedAt,
    finishedAt,
    waiting,
    message,
  } = state;
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    ...(startedAt === undefined ? {} : { startedAt: stamp(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: stamp(finishedAt) }),
  };
  const isOver = exitCode !== undefined && waiting === undefined;
  const now = running
    ? { running: { startedAt: stamp(startedAt ?? new Date()) } }
    : isOver
      ? { terminated }
      : { waiting: { reason: waiting ?? "PodInitializing", ...(message === undefined ? {} : { message }) } };
  return {
    name,
    image,
    imageID: image,
    ready: isInit ? exitCode === 0 : ready,
    started: running,
    restartCount: restarts,
    state: now,
    ...(exitCode === undefined || isOver ? {} : { lastState: { terminated } }),
  };
}

/** As the API wants it: whole seconds. */
export function stamp(date: Date): string {
  return date.toISOString().replace(/\.\d+/, "");
}
