import { expect, it } from "vitest";
import { runnable } from "../../rehearsal/verified/verifyUp.ts";

it("a rehearsal without packets runs the checks that read objects and AWS alone, and names the others", () => {
  const { run, leftOut } = runnable(false);

  expect(run).toEqual([
    "calico-node",
    "vpc-cni",
    "operator-status",
    "endpoint-config",
    "kube-proxy-pods",
    "kube-proxy-stays-away",
    "installation",
    "felix-configuration",
    "node-subnet",
    "source-destination-check",
    "vxlan-allowed",
    "add-ons",
    "webhooks",
    "node-metrics",
    "volumes",
    "cluster-autoscaler",
    "karpenter",
    "load-balancers",
  ]);
  expect(leftOut).toEqual([
    "kernel",
    "bpf-file-system",
    "ebpf-mode",
    "service-table",
    "endpoint-in-use",
    "endpoint-answers",
    "kube-proxy-rules",
    "service-cluster-ip",
    "service-new",
    "node-port",
    "client-address",
    "external-service-mode",
    "dns",
    "api-from-pod",
    "outside",
    "largest-packet",
    "pod-credentials",
  ]);
});

it("a rehearsal on real packets runs them all", () => {
  expect(runnable(true)).toMatchObject({ run: { length: 35 }, leftOut: [] });
});
