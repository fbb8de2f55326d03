import { expect, it } from "vitest";
import { listOf } from "./fakeApi.ts";
import { failures, judgedAt } from "./judgedAt.ts";

const host = "k8s-shop-web-0123456789.elb.eu-west-1.amazonaws.com";

interface Change {
  readonly mode?: "DSR" | "Tunnel";
  readonly optedOut?: readonly string[];
  readonly type?: string;
  readonly policy?: "Cluster" | "Local";
  readonly annotations?: Readonly<Record<string, string>>;
  readonly hasAddress?: boolean;
  readonly minutesOld?: number;
}

function judged(change: Change = {}) {
  const { mode = "DSR", optedOut = [], type = "LoadBalancer", policy = "Local", annotations = {} } = change;
  const { hasAddress = true, minutesOld = 30 } = change;
  const creationTimestamp = new Date(Date.now() - minutesOld * 60_000).toISOString();
  return judgedAt("load-balancers", {
    "/apis/crd.projectcalico.org/v1/felixconfigurations": listOf({
      metadata: { name: "default" },
      spec: { bpfExternalServiceMode: mode, bpfDSROptoutCIDRs: optedOut },
    }),
    "/api/v1/services": listOf({
      metadata: { name: "web", namespace: "shop", annotations, creationTimestamp },
      spec: { type, externalTrafficPolicy: policy },
      status: { loadBalancer: hasAddress ? { ingress: [{ hostname: host }] } : {} },
    }),
  });
}

const ownAddress = {
  "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes":
    "deregistration_delay.timeout_seconds=30,preserve_client_ip.enabled=false",
};

it.each<[string, Change, string]>([
  ["under DSR, pods' own nodes reply", {}, `Service shop/web has externalTrafficPolicy: Local, at ${host}`],
  [
    "under DSR, its own address is the client, whose subnets opt out",
    { policy: "Cluster", annotations: ownAddress, optedOut: ["10.40.240.0/22"] },
    `the load balancer of Service shop/web is the client, and opts out of DSR, at ${host}`,
  ],
  [
    "replies go through the first node",
    { mode: "Tunnel", policy: "Cluster" },
    `Service shop/web gets replies through the first node (Tunnel), at ${host}`,
  ],
  [
    "it is being made",
    { hasAddress: false, minutesOld: 4 },
    "Service shop/web has externalTrafficPolicy: Local; it has no load balancer yet",
  ],
])("shows the way through it where %s", async (_, change, evidence) => {
  expect((await judged(change)).findings).toEqual([{ verdict: "passed", evidence }]);
});

it.each<[string, Change, string]>([
  [
    "another node replies to clients anywhere",
    { policy: "Cluster" },
    "Service shop/web has externalTrafficPolicy: Cluster, and its clients in 0.0.0.0/0 do not opt out of DSR",
  ],
  [
    "its own address is the client, and no range opts out",
    { policy: "Cluster", annotations: ownAddress },
    "the load balancer of Service shop/web is the client, and no range opts out of DSR",
  ],
  [
    "it has none, even without DSR",
    { mode: "Tunnel", hasAddress: false },
    "Service shop/web has no load balancer after 30 min",
  ],
])("fails where %s", async (_, change, evidence) => {
  expect(failures(await judged(change))).toEqual([evidence]);
});

it("does not apply without a load balancer and without DSR, and passes under DSR", async () => {
  expect((await judged({ mode: "Tunnel", type: "NodePort" })).verdict).toBe("not applicable");
  expect((await judged({ type: "NodePort" })).findings).toEqual([
    { verdict: "passed", evidence: "there is no Service of type LoadBalancer" },
  ]);
});
