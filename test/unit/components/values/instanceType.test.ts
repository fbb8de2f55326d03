import { describe, expect, it } from "vitest";
import {
  acceleratorOf,
  architectureOf,
  unsupportedReason,
  vcpusOf,
} from "../../../../components/values/instanceType.ts";

describe("instance types by name", () => {
  it.each([
    ["m7i.large", "x86_64"],
    ["m7g.large", "arm64"],
    ["m7i-flex.large", "x86_64"],
    ["c7gn.16xlarge", "arm64"],
    ["im4gn.large", "arm64"],
    ["is4gen.large", "arm64"],
    ["x2gd.metal", "arm64"],
    ["hpc7g.4xlarge", "arm64"],
    ["g5g.xlarge", "arm64"],
    ["g4dn.xlarge", "x86_64"],
    ["g6e.xlarge", "x86_64"],
    ["gr6.4xlarge", "x86_64"],
    ["t4g.small", "arm64"],
    ["t3a.small", "x86_64"],
    ["a1.large", "arm64"],
    ["u7in-16tb.224xlarge", "x86_64"],
    ["p6-b200.48xlarge", "x86_64"],
    ["p6e-gb200.36xlarge", "arm64"],
    ["u-9tb1.112xlarge", "x86_64"],
    ["u-24tb1.metal", "x86_64"],
    ["u7inh-32tb.480xlarge", "x86_64"],
    ["mac2.metal", undefined],
    ["mac-m4.metal", undefined],
    ["q9z.large", undefined],
    ["large", undefined],
    ["toString.large", undefined],
  ] as const)("%s is %s", (type, architecture) => {
    expect(architectureOf(type)).toBe(architecture);
  });

  it.each([
    ["a1.metal", "AL2023 and Bottlerocket do not start"],
    ["mac1.metal", "macOS"],
    ["mac2-m1ultra.metal", "macOS"],
    ["mac-m4pro.metal", "macOS"],
    ["m6g.large", undefined],
    ["m1.small", undefined],
    ["a1x.large", undefined],
  ])("%s cannot be a node for a reason: %s", (type, reason) => {
    const found = unsupportedReason(type);
    expect(reason === undefined ? found : found?.includes(reason)).toBe(
      reason === undefined ? undefined : true,
    );
  });

  it.each([
    ["g4dn.xlarge", "NVIDIA"],
    ["g5.xlarge", "NVIDIA"],
    ["g4ad.xlarge", "unknown"],
    ["g5g.xlarge", "NVIDIA"],
    ["gr6f.4xlarge", "NVIDIA"],
    ["p2.xlarge", "unknown"],
    ["p5en.48xlarge", "NVIDIA"],
    ["p6-b200.48xlarge", "NVIDIA"],
    ["p6e-gb300.36xlarge", "NVIDIA"],
    ["dl2q.24xlarge", "unknown"],
    ["f2.6xlarge", "unknown"],
    ["vt1.3xlarge", "unknown"],
    ["inf2.xlarge", "Neuron"],
    ["trn1n.32xlarge", "Neuron"],
    ["trn3.48xlarge", "unknown"],
    ["m7g.large", undefined],
    ["c7gn.large", undefined],
    ["m7i-flex.large", undefined],
    ["im4gn.large", undefined],
    ["hpc7g.4xlarge", undefined],
    ["u7i-12tb.224xlarge", undefined],
  ] as const)("%s has the accelerator %s", (type, accelerator) => {
    expect(acceleratorOf(type)).toBe(accelerator);
  });

  it.each([
    ["m7i.large", 2],
    ["m7i.xlarge", 4],
    ["m7i.4xlarge", 16],
    ["m7i.8xlarge", 32],
    ["m7i.metal-24xl", 96],
    ["m5.metal", undefined],
    ["hpc7a.12xlarge", 24],
    ["m7i.huge", undefined],
  ] as const)("%s has %s vCPUs", (type, vcpus) => {
    expect(vcpusOf(type)).toBe(vcpus);
  });
});
