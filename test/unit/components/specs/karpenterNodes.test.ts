import { describe, expect, it } from "vitest";
import type { ReleasedPool } from "../../../../components/settings/settings.ts";
import { amiAlias, nodeClassSpec, nodePoolSpec } from "../../../../components/specs/karpenterNodes.ts";
import { released, type SettingsChange, settings } from "../../../support/settings.ts";

type PoolChange = NonNullable<SettingsChange["nodePools"]>[string];

function poolOf(change: PoolChange = {}): ReleasedPool {
  const { nodePools } = settings({ nodePools: { general: change } });
  const release = change.family === "Bottlerocket" ? "1.65.0-0be31b34" : "1.35.6-20260714";
  const { general } = released(nodePools, { general: release });
  if (general === undefined) throw new Error("there is no pool");
  return general;
}

const nodeClass = (change: PoolChange = {}) =>
  nodeClassSpec({
    pool: poolOf(change),
    instanceProfile: "platform-karpenter",
    subnetIds: ["subnet-0a1b2c3d4e5f67890"],
    securityGroupIds: ["sg-0a1b2c3d4e5f67890"],
    tags: { team: "net" },
  });

describe("a node that Karpenter starts", () => {
  it("has the image, volumes, metadata service and pods of the pool's own nodes", () => {
    const { userData, ...spec } = nodeClass({ diskGib: 60, maxPods: 58 });

    expect(spec).toEqual({
      amiSelectorTerms: [{ alias: "al2023@v20260714" }],
      instanceProfile: "platform-karpenter",
      subnetSelectorTerms: [{ id: "subnet-0a1b2c3d4e5f67890" }],
      securityGroupSelectorTerms: [{ id: "sg-0a1b2c3d4e5f67890" }],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { encrypted: true, volumeType: "gp3", deleteOnTermination: true, volumeSize: "60Gi" },
        },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      kubelet: { maxPods: 58 },
      tags: { team: "net" },
    });
    expect(userData).toContain('maxPodsExpression: "58"');
  });

  it("has both of Bottlerocket's volumes, each with a size, which the EC2NodeClass needs", () => {
    const spec = nodeClass({ family: "Bottlerocket", diskGib: 40 });

    expect(
      spec.blockDeviceMappings.map(({ deviceName, ebs }) => [deviceName, ebs.volumeSize, ebs.encrypted]),
    ).toEqual([
      ["/dev/xvda", "4Gi", true],
      ["/dev/xvdb", "40Gi", true],
    ]);
    expect(spec.amiSelectorTerms).toEqual([{ alias: "bottlerocket@v1.65.0" }]);
  });

  it.each([
    ["AL2023", "1.34.1-20251029", "al2023@v20251029"],
    ["Bottlerocket", "1.47.0-9e2a9a31", "bottlerocket@v1.47.0"],
  ] as const)("follows the pool's release, pinned or latest: %s %s", (family, amiRelease, alias) => {
    expect(amiAlias({ family, amiRelease })).toBe(alias);
  });

  it("is never started from the latest image because a release is not understood", () => {
    expect(() => amiAlias({ family: "AL2023", amiRelease: "1.65.0-0be31b34" })).toThrow(
      "1.65.0-0be31b34 is not a release of AL2023",
    );
  });
});

describe("the NodePool of a pool", () => {
  it("starts the pool's nodes above desired, up to max, and replaces none by age", () => {
    const pool = poolOf({
      architecture: "arm64",
      capacity: "SPOT",
      instanceTypes: ["m7g.large", "m6g.large"],
      size: { min: 1, desired: 3, max: 10 },
      labels: { workload: "web" },
      taints: [{ key: "team", value: "net", effect: "NoSchedule" }],
    });

    expect(nodePoolSpec("general", pool)).toEqual({
      template: {
        metadata: { labels: { workload: "web" } },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "general" },
          requirements: [
            {
              key: "node.kubernetes.io/instance-type",
              operator: "In",
              values: ["m7g.large", "m6g.large"],
            },
            { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
            { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
            { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] },
          ],
          taints: [{ key: "team", value: "net", effect: "NoSchedule" }],
          expireAfter: "Never",
          terminationGracePeriod: "15m",
        },
      },
      limits: { nodes: "7" },
      disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "1m" },
    });
  });

  it("has a taint without a value where that is empty, which a NodePool does not take", () => {
    const pool = poolOf({ taints: [{ key: "team", value: "", effect: "NoExecute" }] });

    expect(nodePoolSpec("general", pool).template.spec.taints).toEqual([
      { key: "team", effect: "NoExecute" },
    ]);
  });
});
