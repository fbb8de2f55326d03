import { describe, expect, it } from "vitest";
import { amiOf, poolAmi } from "../../../../components/values/poolAmi.ts";

const eks = "/aws/service/eks/optimized-ami/{kubernetes}/amazon-linux-2023/{architecture}";
const bottlerocket = "/aws/service/bottlerocket/aws-k8s-{kubernetes}";

describe("the AMI of an instance type", () => {
  it.each([
    [
      "m7i.large",
      "AL2023",
      "x86_64",
      "AL2023_x86_64_STANDARD",
      `${eks}/standard/recommended/release_version`,
    ],
    ["m7g.large", "AL2023", "arm64", "AL2023_ARM_64_STANDARD", `${eks}/standard/recommended/release_version`],
    ["g5.xlarge", "AL2023", "x86_64", "AL2023_x86_64_NVIDIA", `${eks}/nvidia/recommended/release_version`],
    ["g5g.xlarge", "AL2023", "arm64", "AL2023_ARM_64_NVIDIA", `${eks}/nvidia/recommended/release_version`],
    ["inf2.xlarge", "AL2023", "x86_64", "AL2023_x86_64_NEURON", `${eks}/neuron/recommended/release_version`],
    [
      "g5.xlarge",
      "Bottlerocket",
      "x86_64",
      "BOTTLEROCKET_x86_64_NVIDIA",
      `${bottlerocket}-nvidia/{architecture}/latest/image_version`,
    ],
    [
      "g5g.xlarge",
      "Bottlerocket",
      "arm64",
      "BOTTLEROCKET_ARM_64_NVIDIA",
      `${bottlerocket}-nvidia/{architecture}/latest/image_version`,
    ],
    [
      "trn1.2xlarge",
      "Bottlerocket",
      "x86_64",
      "BOTTLEROCKET_x86_64",
      `${bottlerocket}/{architecture}/latest/image_version`,
    ],
  ] as const)("%s on %s, %s: %s", (type, family, architecture, amiType, releaseParameter) => {
    expect(poolAmi({ family, architecture, instanceTypes: [type] })).toMatchObject({
      amiType,
      releaseParameter,
    });
  });

  it.each([
    ["p6e-gb200.36xlarge", "Bottlerocket", "arm64"],
    ["g4ad.xlarge", "AL2023", "x86_64"],
    ["inf2.xlarge", "AL2023", "arm64"],
  ] as const)("there is none for %s on %s, %s", (type, family, architecture) => {
    expect(amiOf(type, { family, architecture })).toBeUndefined();
    expect(() => poolAmi({ family, architecture, instanceTypes: [type] })).toThrow(
      `no AMI of ${family} has a driver for ${type}`,
    );
  });

  it.each([
    ["g5.xlarge", "AL2023", true],
    ["g5.xlarge", "Bottlerocket", false],
    ["inf2.xlarge", "AL2023", true],
    ["inf2.xlarge", "Bottlerocket", true],
    ["m7i.large", "AL2023", false],
  ] as const)("%s on %s needs a device plugin: %s", (type, family, needsDevicePlugin) => {
    expect(amiOf(type, { family, architecture: "x86_64" })?.needsDevicePlugin).toBe(needsDevicePlugin);
  });
});
