import { expect, it, onTestFinished } from "vitest";
import type { Live } from "../../../../../infra/commands/verify/check.ts";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";
import { judge } from "../../../../../infra/commands/verify/suite.ts";
import { listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const instances = { one: "i-0123456789abcdef0", two: "i-0123456789abcdef1" };

interface Change {
  readonly cni?: string;
  readonly daemonSet?: object | undefined;
  readonly pods?: readonly object[];
  readonly services?: readonly object[];
}

function awsNode(image = "amazon-k8s-cni:v1.22.4-eksbuild.1", agent: readonly string[] = []) {
  const containers = [
    { name: "aws-node", image },
    { name: "aws-eks-nodeagent", args: agent },
  ];
  return { metadata: { name: "aws-node" }, spec: { template: { spec: { containers } } } };
}

function pod(nodeName: string, ready: "False" | "True" = "True", message = "") {
  return {
    metadata: { name: `aws-node-${nodeName}`, namespace: "kube-system" },
    spec: { nodeName, hostNetwork: true, containers: [{ name: "aws-node" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: ready, message }] },
  };
}

/** A network interface that the VPC CNI added has the source/destination check on. */
const interfaces = Object.values(instances).flatMap((instanceId) =>
  [true, false].map((isPrimary) => ({
    id: `eni-${isPrimary ? "first" : "further"}-of-${instanceId}`,
    instanceId,
    isPrimary,
    subnetId: "subnet-1",
    privateIp: "10.40.0.5",
    sourceDestCheck: !isPrimary,
    securityGroupIds: ["sg-nodes"],
  })),
);

async function judged(name: string, change: Change = {}) {
  const { cni = "AmazonVPC", pods = [pod("one"), pod("two")], services = [] } = change;
  const daemonSet = "daemonSet" in change ? change.daemonSet : awsNode();
  const api = await startFakeApi({
    "/api/v1/nodes": listOf(
      ...Object.entries(instances).map(([node, id]) => ({
        metadata: { name: node },
        spec: { providerID: `aws:///eu-west-1a/${id}` },
      })),
    ),
    "/api/v1/pods": listOf(...pods),
    "/api/v1/services": listOf(...services),
    "/apis/operator.tigera.io/v1/installations/default": { spec: { cni: { type: cni } } },
    "/apis/crd.projectcalico.org/v1/felixconfigurations": listOf({
      metadata: { name: "default" },
      spec: { bpfEnabled: true, awsSrcDstCheck: "Disable", bpfExternalServiceMode: "DSR" },
    }),
    ...(daemonSet === undefined
      ? {}
      : { "/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node": daemonSet }),
  });
  onTestFinished(() => api.stop());
  const found = checks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no check ${name}`);
  const ec2 = { interfaces: async () => interfaces, rules: async () => [] };
  return judge(found, { ...liveAt(api.url), ec2: ec2 as unknown as Live["ec2"] });
}

it("vpc-cni passes where aws-node is ready on every node", async () => {
  expect(await judged("vpc-cni")).toMatchObject({
    verdict: "passed",
    findings: [
      { node: "one", verdict: "passed", evidence: "ready" },
      { node: "two", verdict: "passed", evidence: "ready" },
    ],
  });
});

it("vpc-cni does not apply to Calico's own network, whatever runs next to it", async () => {
  expect((await judged("vpc-cni", { cni: "Calico" })).verdict).toBe("not applicable");
});

it.each<[string, Change, string | undefined, string]>([
  [
    "a release that wipes marks",
    { daemonSet: awsNode("amazon-k8s-cni:v1.23.1-eksbuild.1") },
    undefined,
    "DaemonSet aws-node: the VPC CNI 1.23.1 is known to be bad: its nftables rules wipe the mark of Calico's packets, which are then dropped (aws/amazon-vpc-cni-k8s#3872); another release is needed",
  ],
  [
    "AWS's network policies",
    { daemonSet: awsNode(undefined, ["--enable-network-policy=true"]) },
    undefined,
    "DaemonSet aws-node, container aws-eks-nodeagent: --enable-network-policy=true; its eBPF programs would filter the packets of pods next to Calico's",
  ],
  ["a node without it", { pods: [pod("one")] }, "two", "no aws-node runs here"],
  [
    "a node on which it is not ready",
    { pods: [pod("one"), pod("two", "False", "containers with unready status: [aws-node]")] },
    "two",
    "pod aws-node-two is not ready: containers with unready status: [aws-node]",
  ],
])("vpc-cni fails with %s", async (_name, change, node, evidence) => {
  const { verdict, findings } = await judged("vpc-cni", change);

  expect(verdict).toBe("failed");
  expect(findings.filter((one) => one.verdict === "failed")).toEqual([
    { ...(node === undefined ? {} : { node }), verdict: "failed", evidence },
  ]);
});

it("vpc-cni fails once where the DaemonSet is gone", async () => {
  expect((await judged("vpc-cni", { daemonSet: undefined })).findings).toEqual([
    { verdict: "failed", evidence: "there is no DaemonSet aws-node in kube-system" },
  ]);
});

it("source-destination-check looks at the interfaces of the VPC CNI only where Calico's own network has them", async () => {
  expect((await judged("source-destination-check")).verdict).toBe("passed");
  expect((await judged("source-destination-check", { cni: "Calico" })).findings).toEqual(
    Object.entries(instances).map(([node, id]) => ({
      node,
      verdict: "failed",
      evidence: `it is on for eni-further-of-${id}`,
    })),
  );
});

it("load-balancers may send to pods, which have VPC addresses", async () => {
  const annotations = { "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip" };
  const service = {
    metadata: { name: "web", namespace: "shop", annotations },
    spec: { type: "LoadBalancer", externalTrafficPolicy: "Cluster" },
    status: { loadBalancer: { ingress: [{ hostname: "web.example.com" }] } },
  };
  const findings = async (cni: string) =>
    (await judged("load-balancers", { cni, services: [service] })).findings;

  expect(await findings("AmazonVPC")).toEqual([
    { verdict: "passed", evidence: "Service shop/web sends to pod addresses, at web.example.com" },
  ]);
  expect(await findings("Calico")).toEqual([
    { verdict: "failed", evidence: "Service shop/web sends to pod addresses, to which the VPC has no route" },
  ]);
});
