import { expect, it, onTestFinished } from "vitest";
import type { Live } from "../../../../../infra/commands/verify/check.ts";
import { webhooks } from "../../../../../infra/commands/verify/checks/webhooks.ts";
import type { SecurityRule } from "../../../../../infra/ec2.ts";
import { listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const admission = "/apis/admissionregistration.k8s.io/v1";
const metadata = { name: "orders", namespace: "shop" };

const rule = (changes: Partial<SecurityRule> = {}): SecurityRule => ({
  groupId: "sg-nodes",
  isEgress: false,
  protocol: "tcp",
  fromPort: 9443,
  toPort: 9443,
  peerGroupId: "sg-control-plane",
  peerCidr: undefined,
  ...changes,
});

interface Cluster {
  readonly rules: readonly SecurityRule[];
  readonly targetPort?: number | string;
  readonly hostNetwork?: boolean;
  readonly isStack?: boolean;
  readonly cni?: "AmazonVPC" | "Calico";
  /** Security groups of the node's second network interface; none: it has one. */
  readonly further?: readonly string[];
}

async function findings({
  rules,
  targetPort = 9443,
  hostNetwork = true,
  isStack = true,
  cni = "Calico",
  further,
}: Cluster) {
  const api = await startFakeApi({
    "/api/v1/nodes": listOf({
      metadata: { name: "one" },
      spec: { providerID: "aws:///eu-west-1a/i-0123456789abcdef0" },
    }),
    [`${admission}/validatingwebhookconfigurations`]: listOf({
      metadata: { name: "orders" },
      webhooks: [{ name: "orders.example.com", clientConfig: { service: metadata } }],
    }),
    "/api/v1/services": listOf({
      metadata,
      spec: { selector: { app: "orders" }, ports: [{ port: 443, targetPort }] },
    }),
    "/api/v1/namespaces/shop/pods": listOf({
      metadata: { name: "orders-1", namespace: "shop" },
      spec: {
        nodeName: "one",
        hostNetwork,
        containers: [{ name: "it", ports: [{ name: "https", containerPort: 9443 }] }],
      },
    }),
    "/apis/operator.tigera.io/v1/installations/default": { spec: { cni: { type: cni } } },
    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices": listOf({
      endpoints: [{ addresses: ["10.40.255.230"] }],
    }),
  });
  onTestFinished(() => api.stop());
  const expected = { stack: "dev", controlPlaneSecurityGroupId: "sg-control-plane" };
  const live = liveAt(api.url, isStack ? { expected } : {});
  const nodeInterface = {
    id: "eni-1",
    instanceId: "i-0123456789abcdef0",
    isPrimary: true,
    subnetId: "subnet-1",
    privateIp: "10.40.0.5",
    sourceDestCheck: false,
    securityGroupIds: ["sg-nodes"],
  };
  const others =
    further === undefined ? [] : [{ ...nodeInterface, isPrimary: false, securityGroupIds: further }];
  const ec2 = { interfaces: async () => [nodeInterface, ...others], rules: async () => rules };
  return webhooks.run({ ...live, ec2: ec2 as unknown as Live["ec2"] });
}

const place = "ValidatingWebhookConfiguration orders, orders.example.com calls service shop/orders";
const closed = [
  {
    verdict: "failed",
    evidence: `${place}, and no rule lets the control plane reach TCP 9443 on node one; nodeFirewall.fromControlPlane does not list it`,
  },
];
const passed = [{ verdict: "passed", evidence: `${place} on the host's network, where TCP 9443 is open` }];

it.each([
  { name: "its own rule", rules: [rule()] },
  { name: "a range", rules: [rule({ fromPort: 9000, toPort: 9999 })] },
  { name: "every protocol", rules: [rule({ protocol: "-1", fromPort: -1, toPort: -1 })] },
  {
    name: "the addresses of the control plane",
    rules: [rule({ peerGroupId: undefined, peerCidr: "10.40.255.0/24" })],
  },
])("a webhook on the host network passes whose port is open by $name", async ({ rules }) => {
  expect(await findings({ rules })).toEqual(passed);
});

it.each([
  { name: "no rule", rules: [] },
  { name: "a rule for another port", rules: [rule({ fromPort: 9444, toPort: 9444 })] },
  { name: "a rule for UDP", rules: [rule({ protocol: "udp" })] },
  { name: "a rule for what goes out", rules: [rule({ isEgress: true })] },
  { name: "a rule of another group", rules: [rule({ groupId: "sg-other" })] },
  { name: "a rule for the nodes alone", rules: [rule({ protocol: "-1", peerGroupId: "sg-nodes" })] },
  { name: "a rule for other addresses", rules: [rule({ peerGroupId: undefined, peerCidr: "10.40.0.0/20" })] },
])("it fails with $name, and names service, port and setting", async ({ rules }) => {
  expect(await findings({ rules })).toEqual(closed);
});

it("finds the port by its name in the pods", async () => {
  expect(await findings({ rules: [rule()], targetPort: "https" })).toEqual(passed);
  expect(await findings({ rules: [rule()], targetPort: "http" })).toEqual([
    { verdict: "failed", evidence: `${place}, whose pods do not have the port http` },
  ]);
});

it("fails on the pod network, whatever is open", async () => {
  expect(await findings({ rules: [rule()], hostNetwork: false })).toEqual([
    { verdict: "failed", evidence: `${place}, whose pod orders-1 is on the pod network` },
  ]);
});

const inPods = { cni: "AmazonVPC", hostNetwork: false, further: ["sg-nodes"] } as const;

it("with the VPC CNI, passes in pods whose port is open on every interface of their node", async () => {
  expect(await findings({ ...inPods, rules: [rule()] })).toEqual([
    { verdict: "passed", evidence: `${place} in pods with VPC addresses, where TCP 9443 is open` },
  ]);
});

it.each([
  { name: "no rule", change: { rules: [] } },
  {
    name: "a rule for the first interface only",
    change: { rules: [rule()], further: ["sg-of-custom-networking"] },
  },
])("with the VPC CNI, fails in pods with $name", async ({ change }) => {
  expect(await findings({ ...inPods, ...change })).toEqual(closed);
});

it("of a cluster that is not a stack's, takes any other group for the control plane's", async () => {
  expect(await findings({ rules: [rule({ peerGroupId: "sg-other" })], isStack: false })).toEqual(passed);
  expect(await findings({ rules: [rule({ peerGroupId: "sg-nodes" })], isStack: false })).toEqual(closed);
});
