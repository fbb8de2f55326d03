import { describe, expect, it } from "vitest";
import { vpcCniOf } from "../../../../infra/existing/objects.ts";

const workload = (containers: readonly object[]) => ({
  metadata: { name: "aws-node" },
  spec: { template: { spec: { containers } } },
});

describe("DaemonSet aws-node as it was read", () => {
  it("has no version when its tag is none, and one that EKS built", () => {
    const tagged = (image: string) => workload([{ name: "aws-node", image }]);
    const eks = "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.22.4-eksbuild.1";

    expect(vpcCniOf(tagged("amazon-k8s-cni:latest")).version).toBeUndefined();
    expect(vpcCniOf(tagged(eks)).version).toBe("1.22.4");
  });

  it.each([
    [["--enable-ipv6=false", "--enable-network-policy=true"], true],
    [["--enable-network-policy=false"], false],
    [[], false],
  ])("has a VPC CNI whose agent with %j enforces policies: %s", (args, enforcesPolicies) => {
    const env = [
      { name: "ENABLE_POD_ENI", value: "true" },
      { name: "MY_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    ];
    const containers = [
      { name: "aws-eks-nodeagent", image: "aws-network-policy-agent:v1.4.2", args },
      { name: "aws-node", image: "amazon-k8s-cni:v1.21.1", env },
    ];

    expect(vpcCniOf(workload(containers))).toEqual({
      version: "1.21.1",
      env: { ENABLE_POD_ENI: "true" },
      enforcesPolicies,
    });
  });
});
