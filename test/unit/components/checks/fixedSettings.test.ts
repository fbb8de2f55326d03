import { describe, expect, it } from "vitest";
import { fixedSettings, fixedSettingsProblems } from "../../../../components/checks/fixedSettings.ts";
import type { Settings } from "../../../../components/settings/settings.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const versions = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };

/** What a user reads after a change of the stack file of a cluster that is there. */
function lines(before: SettingsChange, after: SettingsChange): string[] {
  return fixedSettingsProblems(settings(after), {
    ...versions,
    fixed: fixedSettings(settings(before)),
  }).map(problemLine);
}

const existing = (vpcId: string) => ({
  network: {
    existing: {
      vpcId,
      controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      nodeSubnetIds: ["subnet-0000000000000000c"],
    },
  },
});

const vpcOne = "vpc-0000000000000000a";
const vpcTwo = "vpc-0000000000000000b";

const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";

describe("a change of what a living cluster is built on", () => {
  it.each<[string, SettingsChange, SettingsChange, string]>([
    ["calico.podCidr", {}, { calico: { podCidr: "10.200.0.0/16" } }, "192.168.0.0/16"],
    ["calico.blockSize", {}, { calico: { blockSize: 27 } }, "26"],
    ["calico.encapsulation", {}, { calico: { encapsulation: "None", apiServer: false } }, "VXLAN"],
    ["cluster.serviceCidr", {}, { cluster: { serviceCidr: "10.100.0.0/16" } }, "172.20.0.0/16"],
    ["cluster.secretsKey", {}, { cluster: { secretsKey: "aws-owned" } }, "create"],
    ["cluster.secretsKey", {}, { cluster: { secretsKey: keyArn } }, "create"],
    ["cluster.name", {}, { cluster: { name: "other" } }, "calico-ebpf-eks-dev"],
    ["network.vpcCidr", {}, { network: { vpcCidr: "10.50.0.0/16" } }, "10.40.0.0/16"],
    ["network.existing.vpcId", existing(vpcOne), existing(vpcTwo), vpcOne],
    ["network.existing.vpcId", {}, existing(vpcTwo), "10.40.0.0/16"],
  ])("is refused by its path, with what it has and the way: %s", (path, before, after, from) => {
    const [line = "", ...others] = lines(before, after);

    expect(others).toEqual([]);
    expect(line.startsWith(`${path}: the cluster has ${from}, and the stack file says `)).toBe(true);
    expect(line).toContain(`Set it to ${from} again, or create another stack with the new value`);
  });

  it.each<[string, SettingsChange, SettingsChange]>([
    ["nothing", {}, {}],
    ["encapsulation, by Calico's API server", {}, { calico: { encapsulation: "None" } }],
    [
      "encryption of secrets that is added",
      { cluster: { secretsKey: "aws-owned" } },
      { cluster: { secretsKey: "create" } },
    ],
    [
      "what AWS changes in place",
      {},
      { cluster: { publicAccessCidrs: ["198.18.0.0/24"], support: "EXTENDED" } },
    ],
    ["the service mode", {}, { calico: { externalService: "Tunnel", dsrOptOutCidrs: [] } }],
  ])("may be %s", (_what, before, after) => {
    expect(lines(before, after)).toEqual([]);
  });

  it("is reported all at once", () => {
    const after = {
      calico: { podCidr: "10.200.0.0/16", blockSize: 27 },
      cluster: { serviceCidr: "10.100.0.0/16" },
    };

    expect(
      lines({}, after)
        .map((line) => line.split(":")[0])
        .toSorted(),
    ).toEqual(["calico.blockSize", "calico.podCidr", "cluster.serviceCidr"]);
  });

  it.each<[string, Parameters<typeof fixedSettingsProblems>[1]]>([
    ["before the first up, and after a destroy", undefined],
    ["after an up that did not say so much", versions],
  ])("is not known %s", (_when, previous) => {
    const changed: Settings = settings({ calico: { podCidr: "10.200.0.0/16" } });

    expect(fixedSettingsProblems(changed, previous)).toEqual([]);
  });
});
