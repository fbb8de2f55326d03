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
});
