import { describe, expect, it } from "vitest";
import type { CloudView } from "../../../simulator/kubernetes/cloudView.ts";
import { PlayedSide } from "../../../simulator/realKubernetes/kubelets/playedSide.ts";
import type { Mirror } from "../../../simulator/realKubernetes/mirror.ts";

const name = { namespace: "calico-system", pod: "calico-node-x", container: "calico-node" };

const pod = (spec: object = {}, ready = "True") => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "calico-apiserver-x" },
  spec: { hostNetwork: true, nodeName: "a", containers: [{ args: ["--secure-port=5443"] }], ...spec },
  status: { conditions: [{ type: "Ready", status: ready }] },
});

function sideWith({ pods = [pod()], allowed = [5443] }: { pods?: object[]; allowed?: number[] } = {}) {
  const mirror = { ofKind: () => pods } as unknown as Mirror;
  const cloud = {
    instances: new Map([["i-1", { nodeName: "a", privateIp: "10.0.0.1" }]]),
    allowsFromControlPlane: (_: unknown, __: string, port: number) => allowed.includes(port),
  } as unknown as CloudView;
  return new PlayedSide(mirror, cloud);
}

describe("a node that kwok plays", () => {
  it("runs no command and has no log, and says what does", () => {
    const side = sideWith();

    expect(side.entering(name)).toMatch(/^no program runs on this node.*--data-path real/);
    expect(side.logs()).toMatch(/^no program runs on this node/);
  });

  it("prints what is played back, and only in the containers that it is for", () => {
    const side = sideWith();
    side.playback = ({ container }) => (container === "calico-node" ? ["cat"] : undefined);

    expect(side.entering(name)).toEqual(["cat"]);
    expect(side.entering({ ...name, container: "other" })).toMatch(/^no program/);
  });

  it("lets the control plane reach a ready pod with the host's network, and nothing else", () => {
    expect(sideWith().reachesHostPod("10.0.0.1", 5443)).toBe(true);
    expect(sideWith().reachesHostPod("10.0.0.2", 5443)).toBe(false);
    expect(sideWith({ allowed: [443] }).reachesHostPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({}, "False")] }).reachesHostPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({ hostNetwork: false })] }).reachesHostPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({ nodeName: "b" })] }).reachesHostPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ allowed: [5444] }).reachesHostPod("10.0.0.1", 5444)).toBe(false);
  });
});
