import { describe, expect, it } from "vitest";
import { nodeUserData } from "../../../../components/specs/nodeGroup.ts";

describe("nodeUserData", () => {
  it.each([4, 110, 250])("lets a Bottlerocket node have %i pods, in TOML", (maxPods) => {
    expect(nodeUserData({ family: "Bottlerocket", maxPods })).toBe(
      `[settings.kubernetes]\nmax-pods = ${maxPods}\n`,
    );
  });

  it.each([4, 110, 250])("lets an AL2023 node have %i pods, in a NodeConfig of nodeadm", (maxPods) => {
    expect(nodeUserData({ family: "AL2023", maxPods })).toBe(`MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="node-config"

--node-config
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    maxPodsExpression: "${maxPods}"
    config:
      maxPods: ${maxPods}

--node-config--
`);
  });

  it("puts a further NodeConfig before ours, which nodeadm lets win", () => {
    const userData = { kubelet: { config: { imageGCHighThresholdPercent: 80 } } };

    expect(nodeUserData({ family: "AL2023", maxPods: 110, userData })).toBe(`MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="node-config"

--node-config
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      imageGCHighThresholdPercent: 80

--node-config
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    maxPodsExpression: "110"
    config:
      maxPods: 110

--node-config--
`);
  });

  it("writes Bottlerocket's further settings into one document, each table once", () => {
    const userData = {
      motd: 'say "hi"',
      kernel: { sysctl: { "net.core.somaxconn": "1024" } },
      kubernetes: {
        "allowed-unsafe-sysctls": ["net.core.somaxconn"],
        "eviction-hard": { "memory.available": "5%" },
      },
    };

    expect(nodeUserData({ family: "Bottlerocket", maxPods: 110, userData })).toBe(`[settings]
motd = "say \\"hi\\""

[settings.kernel.sysctl]
"net.core.somaxconn" = "1024"

[settings.kubernetes]
allowed-unsafe-sysctls = ["net.core.somaxconn"]
max-pods = 110

[settings.kubernetes.eviction-hard]
"memory.available" = "5%"
`);
  });

  it.each([
    { instanceTypes: ["inf2.xlarge"], has: true },
    { instanceTypes: ["m7i.large"], has: false },
    { instanceTypes: ["g5.xlarge"], has: false },
  ])(
    "gives containers Neuron's device on Bottlerocket with $instanceTypes: $has",
    ({ instanceTypes, has }) => {
      const userData = nodeUserData({ family: "Bottlerocket", maxPods: 110, instanceTypes });

      expect(userData.includes("device-ownership-from-security-context = true\n")).toBe(has);
    },
  );
});
