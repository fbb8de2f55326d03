import { expect, it } from "vitest";
import { at } from "../../../rehearsal/kubernetes/object.ts";
import type { Pod } from "../podSpec.ts";
import { type ContainerState, podStatus } from "../podStatus.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "default", uid: "u" },
  spec: {
    initContainers: [{ name: "install", image: "i" }],
    containers: [
      { name: "a", image: "i" },
      { name: "b", image: "i" },
    ],
  },
};

const installed: ContainerState = {
  restarts: 0,
  exitCode: 0,
  startedAt: new Date(0),
  finishedAt: new Date(0),
};
const ready: ContainerState = { restarts: 0, running: true, ready: true, startedAt: new Date(0) };

const status = (states: Record<string, ContainerState>, spec: Partial<Pod["spec"]> = {}) =>
  podStatus({ ...pod, spec: { ...pod.spec, ...spec } }, new Map(Object.entries(states)), {
    nodeIp: "10.0.0.1",
    podIp: "192.168.0.1",
  });

const condition = (of: object, type: string) =>
  (at(of, "conditions") as { type: string; status: string; message?: string }[]).find(
    (one) => one.type === type,
  );

it("is ready when every container is", () => {
  const found = status({ install: installed, a: ready, b: ready });
  expect(found).toMatchObject({ phase: "Running", podIP: "192.168.0.1", hostIP: "10.0.0.1" });
  expect(condition(found, "Ready")?.status).toBe("True");
});

it.each<[string, Record<string, ContainerState>, string]>([
  ["one is not", { install: installed, a: ready, b: { ...ready, ready: false } }, "[b]"],
  ["none has started", { install: installed }, "[a b]"],
])("is not ready when %s, and says which", (_, states, names) => {
  expect(condition(status(states), "Ready")).toMatchObject({
    status: "False",
    message: `containers with unready status: ${names}`,
  });
});

it("is not ready, nor initialized, before its init containers have succeeded", () => {
  const found = status({ install: { ...installed, exitCode: 1 }, a: ready, b: ready });
  expect(condition(found, "Initialized")?.status).toBe("False");
  expect(condition(found, "Ready")?.status).toBe("False");
});

it("says why a container waits, and how its last run ended", () => {
  const found = status({
    install: installed,
    a: { restarts: 3, exitCode: 2, waiting: "CrashLoopBackOff", startedAt: new Date(0) },
    b: ready,
  });
  expect(at(found, "containerStatuses.0")).toMatchObject({
    restartCount: 3,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 2, reason: "Error" } },
  });
});

it("says of every container why its network is not there", () => {
  const found = status({ sandbox: { restarts: 0, waiting: "ContainerCreating", message: "no plugin" } });
  expect(found).toMatchObject({ phase: "Pending" });
  expect(at(found, "containerStatuses.1.state")).toEqual({
    waiting: { reason: "ContainerCreating", message: "no plugin" },
  });
});

it.each([
  ["Never", 0, "Succeeded"],
  ["Never", 3, "Failed"],
  ["OnFailure", 0, "Succeeded"],
  ["OnFailure", 3, "Running"],
  ["Always", 0, "Running"],
] as const)("with restart policy %s and exit code %i is %s", (restartPolicy, exitCode, phase) => {
  const ended = { ...installed, exitCode };
  expect(status({ install: installed, a: ended, b: ended }, { restartPolicy })).toMatchObject({ phase });
});
