import { beforeEach, describe, expect, it, vi } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import type { Api, ObjectName } from "../../../simulator/realKubernetes/api.ts";
import { OperatorProcess } from "../../../simulator/realKubernetes/operatorProcess.ts";
import type { Program } from "../../../simulator/realKubernetes/processes.ts";

const configMap = { KUBERNETES_SERVICE_HOST: "abc.eks.amazonaws.com", KUBERNETES_SERVICE_PORT: "443" };

function pod(uid: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "tigera-operator-1",
      namespace: "tigera-operator",
      uid,
    } as KubernetesObject["metadata"],
    spec: {
      containers: [
        {
          name: "tigera-operator",
          command: ["operator"],
          args: ["-manage-crds=true"],
          env: [
            { name: "OPERATOR_NAME", value: "tigera-operator" },
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          ],
          envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }],
        },
      ],
    },
  };
}

let calls: string[] = [];
let programs: Program[] = [];
let ended: string | undefined;
const onRestart = vi.fn();

function operatorProcess(): OperatorProcess {
  return new OperatorProcess({
    cluster: {
      kubeconfigFile: "/state/kubeconfig.json",
      run: (program) => {
        calls.push("run");
        programs.push(program);
      },
      end: async (name) => void calls.push(`end ${name}`),
      ended: () => ended,
    },
    api: {
      get: async ({ metadata }: ObjectName) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata,
        data: metadata.name === "kubernetes-services-endpoint" ? configMap : {},
      }),
    } as unknown as Api,
    operatorFile: async (version) => `/cache/operator-of-${version}`,
    onRestart,
  });
}

beforeEach(() => {
  calls = [];
  programs = [];
  ended = undefined;
  onRestart.mockClear();
});

describe("The operator's process", () => {
  it("is what its pod's container says, outside of the cluster", async () => {
    await operatorProcess().follow(pod("a"), "3.32.4");

    expect(programs).toEqual([
      {
        name: "tigera-operator",
        file: "/cache/operator-of-3.32.4",
        args: ["-manage-crds=true", "-enable-leader-election=false"],
        env: {
          KUBECONFIG: "/state/kubeconfig.json",
          OPERATOR_NAMESPACE: "tigera-operator",
          OPERATOR_NAME: "tigera-operator",
          ...configMap,
        },
        calledAs: "operator",
        onEnd: expect.any(Function),
      },
    ]);
  });

  it("runs on while its pod stays, and not before there is one", async () => {
    const one = operatorProcess();
    await one.follow(undefined, "");
    expect(calls).toEqual([]);
    await one.follow(pod("a"), "3.32.4");
    await one.follow(pod("a"), "3.32.4");
    expect(calls).toEqual(["run"]);
  });

  it("ends with its pod, and starts anew with another", async () => {
    const one = operatorProcess();
    await one.follow(pod("a"), "3.32.4");
    await one.follow(pod("b"), "3.33.1");
    await one.follow(undefined, "");

    expect(calls).toEqual(["run", "end tigera-operator", "run", "end tigera-operator"]);
    expect(programs.map(({ file }) => file)).toEqual([
      "/cache/operator-of-3.32.4",
      "/cache/operator-of-3.33.1",
    ]);
  });

  it("that ended is started again after a while, as a kubelet does, and says until then why", async () => {
    vi.useFakeTimers();
    try {
      const one = operatorProcess();
      await one.follow(pod("a"), "3.32.4");
      ended = "tigera-operator ended with 1";
      programs[0]?.onEnd?.();
      await one.follow(pod("a"), "3.32.4");
      expect(calls).toEqual(["run"]);
      expect(one.problem).toBe("tigera-operator ended with 1");

      vi.advanceTimersByTime(2000);
      expect(onRestart).toHaveBeenCalledOnce();
      await one.follow(pod("a"), "3.32.4");
      expect(calls).toEqual(["run", "end tigera-operator", "run"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
