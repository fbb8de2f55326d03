import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

type Pools = NonNullable<SettingsChange["nodePools"]>;

const gpu = { key: "gpu", effect: "NoSchedule" } as const;

const refused: readonly { name: string; pools: Pools; lines: readonly string[] }[] = [
  {
    name: "an x86_64 type in an arm64 pool",
    pools: { arm: { architecture: "arm64", instanceTypes: ["m7i.large"] } },
    lines: [
      "nodePools.arm.instanceTypes[0]: m7i.large is x86_64; the pool's architecture is arm64. Use m7g.large, or architecture: x86_64.",
    ],
  },
  {
    name: "an arm64 type among x86_64 ones",
    pools: { default: { instanceTypes: ["m7i.large", "x2gd.large"] } },
    lines: [
      "nodePools.default.instanceTypes[1]: x2gd.large is arm64; the pool's architecture is x86_64. Use m7i.large.",
    ],
  },
  {
    name: "a type of an unknown family",
    pools: { default: { instanceTypes: ["q9z.metal"] } },
    lines: [
      "nodePools.default.instanceTypes[0]: the family of q9z.metal is unknown; its architecture decides which AMI can start on it. Use a type of a known family, such as m7i.large, or add it to components/facts/instanceTypes.ts.",
    ],
  },
  {
    name: "macOS, the first Graviton and an accelerator without an AMI",
    pools: {
      default: { instanceTypes: ["mac2.metal", "g4ad.xlarge", "trn3.48xlarge"] },
      arm: { architecture: "arm64", instanceTypes: ["a1.large"] },
      grace: { family: "Bottlerocket", architecture: "arm64", instanceTypes: ["p6e-gb200.36xlarge"] },
      large: { family: "Bottlerocket", instanceTypes: ["p2.16xlarge"], maxPods: 250 },
    },
    lines: [
      "nodePools.default.instanceTypes[0]: mac2.metal cannot be a node: it runs macOS, and EKS has no AMI for it; nodes run AL2023 or Bottlerocket on x86_64 or on Graviton2 and later. Use another type, such as m7i.large.",
      "nodePools.default.instanceTypes[1]: g4ad.xlarge has an accelerator; EKS has no AMI of AL2023 with its driver. Use a type without one, such as m7i.large.",
      "nodePools.default.instanceTypes[2]: trn3.48xlarge has an accelerator; EKS has no AMI of AL2023 with its driver. Use a type without one, such as m7i.large.",
      "nodePools.arm.instanceTypes[0]: a1.large cannot be a node: it has the first Graviton processor, on which AL2023 and Bottlerocket do not start; nodes run AL2023 or Bottlerocket on x86_64 or on Graviton2 and later. Use another type, such as m7g.large.",
      "nodePools.grace.instanceTypes[0]: p6e-gb200.36xlarge has an accelerator; EKS has no AMI of Bottlerocket with its driver. Use a type without one, such as m7g.large, or family: AL2023.",
      "nodePools.large.instanceTypes[0]: p2.16xlarge has an accelerator; EKS has no AMI of Bottlerocket with its driver. Use a type without one, such as m7i.8xlarge.",
    ],
  },
  {
    name: "types that one AMI does not serve",
    pools: {
      default: {},
      gpu: { instanceTypes: ["g5.xlarge", "m7i.large", "g6.xlarge", "inf2.xlarge"] },
      plain: { instanceTypes: ["m7i.large", "g5.xlarge"] },
    },
    lines: [
      "nodePools.gpu.instanceTypes[1]: m7i.large has no accelerator; the pool's AMI is AL2023_x86_64_NVIDIA, as g5.xlarge has an accelerator for NVIDIA. Move it to another pool.",
      "nodePools.gpu.instanceTypes[3]: inf2.xlarge has an accelerator for Neuron; the pool's AMI is AL2023_x86_64_NVIDIA, as g5.xlarge has an accelerator for NVIDIA. Move it to another pool.",
      "nodePools.plain.instanceTypes[1]: g5.xlarge has an accelerator for NVIDIA; the pool's AMI is AL2023_x86_64_STANDARD, as m7i.large has no accelerator. Move it to another pool.",
    ],
  },
  {
    name: "desired below min",
    pools: { default: { size: { min: 3, desired: 2 } } },
    lines: [
      "nodePools.default.size.desired: desired is 2; min is 3 and max is 4. Set desired: 3, or min: 2.",
    ],
  },
  {
    name: "desired above max",
    pools: { default: { size: { desired: 5 } } },
    lines: [
      "nodePools.default.size.desired: desired is 5; min is 2 and max is 4. Set desired: 4, or max: 5.",
    ],
  },
  {
    name: "min above max",
    pools: { default: { size: { min: 5, desired: 5 } } },
    lines: ["nodePools.default.size.max: max is 4; min is 5. Set max: 5 or more."],
  },
  {
    name: "more pods than EKS sets on the smallest type",
    pools: { default: { maxPods: 111, instanceTypes: ["m7i.8xlarge", "m7i.4xlarge"] } },
    lines: [
      "nodePools.default.maxPods: 111 pods are too many on m7i.4xlarge, which has fewer than 30 vCPUs; EKS sets 110 below 30 vCPUs and 250 from 30 on. Set maxPods: 110, or use larger instance types.",
    ],
  },
  {
    name: "many pods on a size that does not say its vCPUs",
    pools: { default: { maxPods: 250, instanceTypes: ["m5.metal"] } },
    lines: [
      "nodePools.default.maxPods: 250 pods are too many on m5.metal, whose number of vCPUs is unknown; EKS sets 110 below 30 vCPUs and 250 from 30 on. Set maxPods: 110, or use larger instance types.",
    ],
  },
  {
    name: "Bottlerocket's release for AL2023",
    pools: { default: { release: "1.65.0-0be31b34" } },
    lines: [
      "nodePools.default.release: 1.65.0-0be31b34 is an AMI release of Bottlerocket; the pool's family is AL2023, whose releases look like 1.35.6-20260714. Pin such a release, or set family: Bottlerocket.",
    ],
  },
  {
    name: "AL2023's release for Bottlerocket, although its date could be a hash",
    pools: { default: { family: "Bottlerocket", release: "1.35.6-20260714" } },
    lines: [
      "nodePools.default.release: 1.35.6-20260714 is an AMI release of AL2023; the pool's family is Bottlerocket, whose releases look like 1.65.0-0be31b34. Pin such a release, or set family: AL2023.",
    ],
  },
  {
    name: "a release of no form",
    pools: { default: { release: "v20260714" } },
    lines: [
      "nodePools.default.release: v20260714 is not an AMI release of AL2023; the pool's family is AL2023, whose releases look like 1.35.6-20260714. Pin such a release, or write latest.",
    ],
  },
  {
    name: "a release for another Kubernetes",
    pools: { default: { release: "1.34.9-20260714" } },
    lines: [
      'nodePools.default.release: 1.34.9-20260714 is for Kubernetes 1.34; cluster.kubernetesVersion is "1.35". Pin a release that begins with 1.35, or write latest.',
    ],
  },
  {
    name: "a Bottlerocket older than the Kubernetes version",
    pools: { default: { family: "Bottlerocket", release: "1.52.0-2f4223e5" } },
    lines: [
      "nodePools.default.release: 1.52.0-2f4223e5 does not exist for Kubernetes 1.35; Bottlerocket supports it from 1.53.0 on. Pin a newer release, or write latest.",
    ],
  },
  {
    name: "taints on every pool that has nodes",
    pools: { a: { taints: [gpu] }, b: { size: { min: 0, desired: 0 } } },
    lines: [
      "nodePools: no node of a or b can run CoreDNS; at least one pool must have nodes without NoSchedule and NoExecute taints. Give one pool desired: 1 or more and no such taint.",
    ],
  },
  {
    name: "no pool at all",
    pools: {},
    lines: [
      "nodePools: no pool is defined; at least one pool must have nodes without NoSchedule and NoExecute taints. Give one pool desired: 1 or more and no such taint.",
    ],
  },
];

const accepted: readonly { name: string; pools: Pools }[] = [
  { name: "an arm64 pool with its default type", pools: { arm: { architecture: "arm64" } } },
  {
    name: "types of one architecture",
    pools: { default: { instanceTypes: ["m7i.xlarge", "m7i-flex.large", "u-24tb1.metal"] } },
  },
  {
    name: "Inferentia and Trainium on Bottlerocket, whose standard AMI has their driver",
    pools: {
      default: { family: "Bottlerocket", instanceTypes: ["inf2.xlarge", "trn1.2xlarge", "m7i.large"] },
    },
  },
  {
    name: "accelerators that have an AMI",
    pools: {
      default: { instanceTypes: ["g5.xlarge", "g6.xlarge"] },
      arm: { architecture: "arm64", instanceTypes: ["g5g.xlarge"] },
      neuron: { instanceTypes: ["inf2.xlarge", "trn1.2xlarge"] },
      bottlerocket: { family: "Bottlerocket", instanceTypes: ["p5.48xlarge"] },
    },
  },
  { name: "min, desired and max alike", pools: { default: { size: { min: 4, desired: 4, max: 4 } } } },
  {
    name: "a pool that starts empty, with another one",
    pools: { default: {}, spare: { size: { min: 0, desired: 0 } } },
  },
  { name: "110 pods on a small type", pools: { default: { maxPods: 110, instanceTypes: ["m7i.large"] } } },
  { name: "250 pods on 32 vCPUs", pools: { default: { maxPods: 250, instanceTypes: ["m7i.8xlarge"] } } },
  { name: "a release that fits", pools: { default: { release: "1.35.6-20260714" } } },
  { name: "a release newer than the table", pools: { default: { release: "1.35.7-20260903" } } },
  {
    name: "Bottlerocket's release",
    pools: { default: { family: "Bottlerocket", release: "1.65.0-0be31b34" } },
  },
  {
    name: "Bottlerocket's first release for it",
    pools: { default: { family: "Bottlerocket", release: "1.53.0-2f4223e5" } },
  },
  { name: "a tainted pool with a free one", pools: { default: {}, gpu: { taints: [gpu] } } },
  {
    name: "a taint that only prefers",
    pools: { default: { taints: [{ key: "gpu", effect: "PreferNoSchedule" }] } },
  },
  {
    name: "the taint that CoreDNS tolerates",
    pools: { default: { taints: [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }] } },
  },
];

describe("node pools", () => {
  it.each(refused)("are refused: $name", ({ pools, lines }) => {
    expect(settingsLines({ nodePools: pools })).toEqual(lines);
  });

  it.each(accepted)("are accepted: $name", ({ pools }) => {
    expect(settingsLines({ nodePools: pools })).toEqual([]);
  });
});
