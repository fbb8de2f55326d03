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
  status: { podIP: "10.0.0.1", conditions: [{ type: "Ready", status: ready }] },
});

interface Change {
  readonly pods?: object[];
  readonly allowed?: number[];
  readonly hasVpcCni?: boolean;
}

function sideWith({ pods = [pod()], allowed = [5443], hasVpcCni = false }: Change = {}) {
  const get = (key: string) =>
    hasVpcCni && key === "apps/v1/DaemonSet/kube-system/aws-node" ? {} : undefined;
  const mirror = { ofKind: () => pods, get } as unknown as Mirror;
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
    expect(sideWith().reachesPod("10.0.0.1", 5443)).toBe(true);
    expect(sideWith().reachesPod("10.0.0.2", 5443)).toBe(false);
    expect(sideWith({ allowed: [443] }).reachesPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({}, "False")] }).reachesPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({ hostNetwork: false })] }).reachesPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({ nodeName: "b" })] }).reachesPod("10.0.0.1", 5443)).toBe(false);
    expect(sideWith({ pods: [pod({ nodeName: "b" })], hasVpcCni: true }).reachesPod("10.0.0.1", 5443)).toBe(
      false,
    );
    expect(sideWith({ allowed: [5444] }).reachesPod("10.0.0.1", 5444)).toBe(false);
  });

  it("lets it reach a pod with a VPC address, where the security groups do", () => {
    const inPod = { pods: [pod({ hostNetwork: false })], hasVpcCni: true };

    expect(sideWith(inPod).reachesPod("10.0.0.1", 5443)).toBe(true);
    expect(sideWith(inPod).reachesPod("10.0.0.9", 5443)).toBe(false);
    expect(sideWith({ ...inPod, allowed: [443] }).reachesPod("10.0.0.1", 5443)).toBe(false);
  });
});
