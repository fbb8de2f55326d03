import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { calicoNodePods } from "../../../infra/commands/verify/reading/objects.ts";
import { judge } from "../../../infra/commands/verify/suite.ts";
import { recorded } from "../../support/nodeOutput.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { Verified, wrong } from "./verified.ts";

let verified: Verified;
let broken: string;
let endpoint: string;

beforeAll(async () => {
  if (parts === undefined) return;
  verified = await Verified.start();
  broken = verified.nodeNames[1] ?? "";
  endpoint = `${verified.living.world.cloud.endpointHost()}:443`;
}, 300_000);

afterEach(() => verified?.restore());

afterAll(() => verified?.end());

const felix = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
} as const;

/** Checks of what this cluster does not have. */
const others = [
  ["node-metrics", "a cluster without a metrics API"],
  ["vpc-cni", "a cluster on Calico's own network"],
  ["volumes", "a cluster without a class for EBS"],
  ["cluster-autoscaler", "a cluster without it"],
  ["karpenter", "a cluster without it"],
] as const;

/** Checks that only read, of what every cluster has. */
const reading = checks.filter(
  ({ name, needs }) => !needs.includes("workloads") && !others.some(([other]) => other === name),
);

describe.skipIf(parts === undefined)(`${onRealParts}, verify`, { timeout: 60_000 }, () => {
  it.for(reading)("passes a healthy cluster: $name", async ({ name }) => {
    const outcome = await verified.judged(name);

    expect(wrong(outcome)).toEqual([]);
    expect(outcome.verdict).toBe("passed");
  });

  it.each(others)("does not apply %s to %s", async (name) => {
    expect((await verified.judged(name)).verdict).toBe("not applicable");
  });

  it("fails ebpf-mode at the one node that prints what eBPF turned off does", async () => {
    verified.break(broken, { net: recorded("v3.28.5-off-bpftool-net") });

    const outcome = await verified.judged("ebpf-mode");

    expect(outcome.verdict).toBe("failed");
    expect(wrong(outcome)).toEqual([
      `${broken}: no eBPF program of Calico is attached to an interface of the node`,
    ]);
  });

  it("fails the interface whose source/destination check is on", async () => {
    verified.lies = {
      instances: (all) =>
        all.map((one) => (one.nodeName === broken ? { ...one, sourceDestCheck: true } : one)),
    };

    expect(wrong(await verified.judged("source-destination-check"))).toEqual([
      expect.stringMatching(new RegExp(`^${broken}: it is on for eni-`)),
    ]);
  });

  it("fails a node in another subnet", async () => {
    verified.lies = {
      instances: (all) =>
        all.map((one) => (one.nodeName === broken ? { ...one, subnetId: "subnet-b" } : one)),
    };

    expect((await verified.judged("node-subnet")).verdict).toBe("failed");
  });

  it.for([
    [false, /allows it in from/],
    [true, /allows it out to/],
  ] as const)("fails where the rule for VXLAN is gone, egress: %s", async ([isEgress, words]) => {
    verified.lies = {
      rules: (all) =>
        all.filter(
          (rule) => rule.isEgress !== isEgress || (rule.fromPort !== 4789 && rule.protocol !== "-1"),
        ),
    };

    expect(wrong(await verified.judged("vxlan-allowed"))).toEqual([expect.stringMatching(words)]);
  });

  it("reports as unknown what EC2 does not permit", async () => {
    verified.lies = { denied: ["DescribeInstances"] };

    expect(await verified.judged("source-destination-check")).toMatchObject({
      verdict: "unknown",
      findings: [
        { evidence: expect.stringContaining("ec2:DescribeInstances in eu-west-1: UnauthorizedOperation") },
      ],
    });
  });

  it("does not know of a node that went away meanwhile, and knows of the others", async () => {
    const live = verified.look();
    const check = checks.find(({ name }) => name === "bpf-file-system");
    const pod = (await calicoNodePods(live)).find(({ nodeName }) => nodeName === broken);
    const name = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: pod?.name ?? "", namespace: "calico-system" },
    };
    await verified.api.delete(name, { gracePeriodSeconds: 0 });
    try {
      const outcome = check && (await judge(check, live));

      expect(outcome?.verdict).toBe("unknown");
      expect(outcome && wrong(outcome)).toEqual([`${broken}: pod ${pod?.name} is gone (404)`]);
    } finally {
      live.cluster.close();
    }
    await expect
      .poll(async () => (await verified.judged("calico-node")).verdict, { timeout: 30_000 })
      .toBe("passed");
  });

  it("fails kube-proxy when the add-on has come back, and says that nothing keeps it away", async () => {
    const { kubernetes } = verified.living.world;
    const addon = { name: "kube-proxy", clusterName: "dev" };
    kubernetes.onAddon({ ...addon, kind: "created" });
    try {
      await expect
        .poll(async () => wrong(await verified.judged("kube-proxy-pods")), { timeout: 20_000 })
        .toHaveLength(2);
      expect(wrong(await verified.judged("kube-proxy-stays-away"))).toEqual([
        "DaemonSet kube-proxy exists, and nothing keeps it from nodes",
      ]);
    } finally {
      kubernetes.onAddon({ ...addon, kind: "deleted" });
    }
    await expect
      .poll(async () => (await verified.judged("kube-proxy-pods")).verdict, { timeout: 20_000 })
      .toBe("passed");
  });

  it("names every field of FelixConfiguration that is not as the stack says", async () => {
    await verified.api.merge(
      felix,
      { spec: { bpfExternalServiceMode: "Tunnel", bpfLogLevel: "Debug" } },
      "someone",
    );
    try {
      expect(wrong(await verified.judged("felix-configuration"))).toEqual([
        'FelixConfiguration default: spec.bpfExternalServiceMode is "Tunnel", the stack says "DSR"',
      ]);
      expect(await verified.judged("node-subnet")).toMatchObject({ verdict: "not applicable" });
    } finally {
      await verified.api.merge(
        felix,
        { spec: { bpfExternalServiceMode: "DSR", bpfLogLevel: null } },
        "someone",
      );
    }
  });

  it("finds what overrules FelixConfiguration on one node", async () => {
    const own = { ...felix, metadata: { name: `node.${broken}` }, spec: { bpfEnabled: false } };
    await verified.api.create(own, { manager: "someone" });
    try {
      expect(wrong(await verified.judged("felix-configuration"))).toEqual([
        `${broken}: FelixConfiguration node.${broken} overrides the default: spec.bpfEnabled is false, the stack says true`,
      ]);
    } finally {
      await verified.api.delete(own);
    }
  });

  it("fails an endpoint that is not the cluster's any more", async () => {
    expect(wrong(await verified.judged("endpoint-config", { endpoint: "https://new.example.com" }))).toEqual([
      `it has ${endpoint}, but the endpoint is new.example.com:443`,
    ]);
  });

  it("fails a webhook on the pod network, and not one on the host's", async () => {
    const metadata = { name: "watcher", namespace: "default" };
    const labels = { app: "watcher" };
    const pod = (name: string, hostNetwork: boolean) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, name, labels },
      spec: { hostNetwork, containers: [{ name: "it", image: "watcher" }] },
    });
    const objects = [
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ port: 443 }] } },
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name: "watcher" },
        webhooks: [
          {
            name: "watcher.example.com",
            clientConfig: { service: metadata },
            rules: [
              {
                apiGroups: ["example.com"],
                apiVersions: ["v1"],
                resources: ["things"],
                operations: ["CREATE"],
              },
            ],
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
          },
        ],
      },
      pod("on-host", true),
    ];
    const inside = pod("inside", false);
    for (const object of objects) await verified.api.create(object, { manager: "someone" });
    try {
      expect((await verified.judged("webhooks")).verdict).toBe("passed");

      await verified.api.create(inside, { manager: "someone" });
      expect(wrong(await verified.judged("webhooks"))).toEqual([
        "ValidatingWebhookConfiguration watcher, watcher.example.com calls service default/watcher, whose pod inside is on the pod network",
      ]);
    } finally {
      for (const object of [...objects, inside]) await verified.api.delete(object, { gracePeriodSeconds: 0 });
    }
  });

  it.for([
    ["Cluster", "failed"],
    ["Local", "passed"],
  ] as const)("judges a load balancer with externalTrafficPolicy %s: %s", async ([policy, verdict]) => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "shop", namespace: "default" },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: policy,
        ports: [{ port: 80 }],
        selector: { app: "shop" },
      },
    };
    await verified.api.create(service, { manager: "someone" });
    try {
      expect((await verified.judged("load-balancers")).verdict).toBe(verdict);
    } finally {
      await verified.api.delete(service);
    }
  });
});
