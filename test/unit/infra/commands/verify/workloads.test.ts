import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { forwardedConnections } from "../../../../../infra/commands/verify/checks/replyPath.ts";
import {
  aliveAnnotation,
  aliveUntil,
  isAbandoned,
  ownerAnnotation,
  thisOwner,
} from "../../../../../infra/commands/verify/workloads/namespaces.ts";
import {
  imageAt,
  podObject,
  workloadImages,
} from "../../../../../infra/commands/verify/workloads/podSpec.ts";
import { spread } from "../../../../../infra/commands/verify/workloads/probes.ts";
import { Workloads } from "../../../../../infra/commands/verify/workloads/workloads.ts";
import { clusterAt, listOf, startFakeApi } from "./fakeApi.ts";

const now = new Date("2026-11-21T12:00:00Z");

describe("a namespace that a run has made", () => {
  const ours = { [ownerAnnotation]: `${hostname()} 4711 99`, [aliveAnnotation]: aliveUntil(now) };
  const theirs = { ...ours, [ownerAnnotation]: "another-machine 4711 99" };
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

  it("is not abandoned while its process lives", () => {
    expect(isAbandoned(ours, now, () => "99")).toBe(false);
    expect(isAbandoned({ ...ours, [ownerAnnotation]: thisOwner() }, now)).toBe(false);
  });

  it("is abandoned at once when its process has ended, or another one has its number", () => {
    expect(isAbandoned(ours, now, () => undefined)).toBe(true);
    expect(isAbandoned(ours, now, () => "100")).toBe(true);
  });

  it("of another machine is abandoned three minutes after its last sign of life, and no sooner", () => {
    const notRunning = () => undefined;

    expect(isAbandoned(theirs, later(179), notRunning)).toBe(false);
    expect(isAbandoned(theirs, later(181), notRunning)).toBe(true);
  });

  it("that says nothing of its owner is abandoned", () => expect(isAbandoned({}, now)).toBe(true));
});

describe("a pod of ours", () => {
  const pod = { name: "probe-0", node: "node-1", image: "agnhost:2.59", args: ["netexec"], readyPort: 8080 };

  it("runs on its node alone, whatever taints that has", () => {
    const field = { key: "metadata.name", operator: "In", values: ["node-1"] };

    expect(podObject("ours", pod)).toMatchObject({
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [field] }] },
          },
        },
        tolerations: [{ operator: "Exists" }],
      },
    });
  });

  it("has no token, no root and no capability", () => {
    const object = podObject("ours", pod);

    expect(object).toMatchObject({
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
        ],
      },
    });
    expect(JSON.stringify(object)).not.toContain("privileged");
  });

  it("sets no sysctl on a node's own network", () => {
    expect(JSON.stringify(podObject("ours", { ...pod, hostNetwork: true }))).not.toContain("sysctls");
    expect(JSON.stringify(podObject("ours", pod))).toContain("net.ipv4.ping_group_range");
  });
});

it("pulls an image from its own registry, or under the same path from a mirror", () => {
  const { agnhost } = workloadImages;

  expect(imageAt(agnhost, undefined)).toBe("registry.k8s.io/e2e-test-images/agnhost:2.59");
  expect(imageAt(agnhost, "mirror.example.com/k8s/")).toBe(
    "mirror.example.com/k8s/e2e-test-images/agnhost:2.59",
  );
});

it("spreads a few over many, and takes all of a few", () => {
  const all = Array.from({ length: 1000 }, (_, at) => at);

  expect(spread(all, 4)).toEqual([0, 250, 500, 750]);
  expect(spread([1, 2], 4)).toEqual([1, 2]);
});

describe("a node's connection table", () => {
  const legs = (replySeen: boolean) =>
    `{A2B:{Bytes:0 Packets:0 Seqno:1 SynSeen:true AckSeen:true FinSeen:false RstSeen:false Approved:true Opener:true Workload:false Ifindex:2} B2A:{Bytes:0 Packets:0 Seqno:0 SynSeen:${replySeen} AckSeen:false FinSeen:false RstSeen:false Approved:true Opener:false Workload:false Ifindex:0} OrigDst:10.40.0.5 OrigSrc:0.0.0.0 OrigPort:30080 OrigSPort:0 TunIP:10.40.0.4}`;
  const line = (type: number, flags: string, replySeen: boolean) =>
    `ConntrackKey{proto=6 10.40.255.7:40001 <-> 192.168.2.2:8080} -> Entry{Type:${type}, LastSeen:1, Flags:${flags} Data: ${legs(replySeen)}} Active ago 1s ESTABLISHED`;

  it("tells what was forwarded, with which flags, and whether replies came back", () => {
    expect(forwardedConnections(line(2, " 0x6 fwd-dsr np-fwd", false))).toEqual([
      { askedIp: "10.40.0.5", tunnelIp: "10.40.0.4", flags: ["fwd-dsr", "np-fwd"], sawReplies: false },
    ]);
    expect(forwardedConnections(line(2, " <none>", true))).toEqual([
      { askedIp: "10.40.0.5", tunnelIp: "10.40.0.4", flags: [], sawReplies: true },
    ]);
  });

  it("has lines that say nothing of a service", () => {
    const plain = line(0, " <none>", true);

    expect(forwardedConnections(`${plain}\n\nFailed to get ConntrackMap\n`)).toEqual([]);
  });
});

describe("pods that were added", () => {
  const podOf = (name: string, node: string, status: object) => ({
    metadata: { name },
    spec: { nodeName: node },
    status,
  });
  const running = podOf("probe-0", "node-1", {
    podIP: "192.168.1.1",
    conditions: [{ type: "Ready", status: "True" }],
  });
  const pulling = podOf("probe-1", "node-2", {
    conditions: [{ type: "Ready", status: "False", message: "containers with unready status: [main]" }],
    containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "no such host" } } }],
  });
  const unscheduled = podOf("probe-2", "", {
    conditions: [
      { type: "PodScheduled", status: "False", message: "0/3 nodes are available: too many pods" },
    ],
  });

  async function settled(...pods: readonly object[]) {
    const answers: Record<string, object> = {};
    const api = await startFakeApi(answers);
    const cluster = clusterAt(api.url);
    const workloads = new Workloads(cluster, { purpose: "verify" });
    answers[`/api/v1/namespaces/${workloads.namespace}/pods`] = listOf(...pods);
    try {
      const ready = await workloads.ready(0.1).catch((error: Error) => error.message);
      return { settled: await workloads.settled(0.1), ready };
    } finally {
      cluster.close();
      await api.stop();
    }
  }

  it("are reported separately when some do not start, with the reason from kubelet or scheduler", async () => {
    const found = await settled(running, pulling, unscheduled);

    expect(found.settled).toEqual({
      running: [{ name: "probe-0", node: "node-1", ip: "192.168.1.1" }],
      waiting: [
        { name: "probe-1", why: "ImagePullBackOff no such host" },
        { name: "probe-2", why: "0/3 nodes are available: too many pods" },
      ],
    });
    expect(found.ready).toBe(
      "pods were not ready within 0.1 s: probe-1: ImagePullBackOff no such host; probe-2: 0/3 nodes are available: too many pods",
    );
  });

  it("are waited for no longer than until all run", async () => {
    expect((await settled(running)).ready).toEqual([{ name: "probe-0", node: "node-1", ip: "192.168.1.1" }]);
  });
});
