import { describe, expect, it } from "vitest";
import { readSettings } from "../../../../components/checks/checks.ts";
import { fixedSettings, fixedSettingsProblems } from "../../../../components/checks/fixedSettings.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { today } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

/** The reading of a stack file with these settings of Calico, and others by key. */
function reading(calico: Readonly<Record<string, unknown>>, others: Readonly<Record<string, unknown>> = {}) {
  const all = { cluster: { publicAccessCidrs: ["198.18.0.0/15"] }, calico, ...others };
  const config = Object.entries(all).map(([key, value]) => [`calico-ebpf-eks:${key}`, JSON.stringify(value)]);
  return readSettings({
    config: { "aws:region": "eu-west-1", ...Object.fromEntries(config) },
    project: "calico-ebpf-eks",
    stack: "dev",
    today,
  });
}

describe("a stack file with calico.cni: AmazonVPC", () => {
  it("gets Tunnel by default", () => {
    expect(reading({ cni: "AmazonVPC" }).settings?.calico).toMatchObject({
      cni: "AmazonVPC",
      externalService: "Tunnel",
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      "DSR",
      { externalService: "DSR" },
      [
        "calico.externalService: DSR has not been shown to work with the AWS VPC CNI; calico.cni is AmazonVPC. Set externalService: Tunnel, the default with it.",
      ],
    ],
    [
      "what is about addresses that Calico assigns, also where it says the default",
      { podCidr: "192.168.0.0/16", blockSize: 26, encapsulation: "None", mtu: 1400 },
      [
        "calico.podCidr: has no effect with calico.cni: AmazonVPC; pods get addresses of the node subnets. Remove it.",
        "calico.blockSize: has no effect with calico.cni: AmazonVPC; the AWS VPC CNI gives nodes their addresses, in prefixes of /28. Remove it.",
        "calico.encapsulation: has no effect with calico.cni: AmazonVPC; the VPC itself carries packets between pods. Remove it.",
        "calico.mtu: has no effect with calico.cni: AmazonVPC; the AWS VPC CNI decides it: 9001 bytes, the VPC's own. Remove it.",
      ],
    ],
  ])("refuses %s", (_what, calico, lines) => {
    expect(reading({ cni: "AmazonVPC", ...calico }).problems.map(problemLine)).toEqual(lines);
  });

  it("may put the VPC where Calico's pods would be", () => {
    const network = { vpcCidr: "192.168.0.0/16" };

    expect(reading({ cni: "AmazonVPC" }, { network }).problems).toEqual([]);
    expect(reading({ cni: "Calico" }, { network }).problems.map(({ path }) => path)).toEqual([
      "calico.podCidr",
    ]);
  });

  it("may have nodes in several zones", () => {
    expect(
      reading({ cni: "AmazonVPC" }, { network: { nodeZones: ["eu-west-1a", "eu-west-1b"] } }).problems,
    ).toEqual([]);
  });
});

describe("a change of calico.cni on a living cluster", () => {
  const versions = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };
  const amazonVpc: SettingsChange = { calico: { cni: "AmazonVPC" } };
  const lines = (fixed: object | undefined, after: SettingsChange) =>
    fixedSettingsProblems(settings(after), {
      ...versions,
      ...(fixed === undefined ? {} : { fixed }),
    }).map(problemLine);

  it.each<[string, object | undefined, SettingsChange, string, string]>([
    ["to AmazonVPC", fixedSettings(settings()), amazonVpc, "Calico", "AmazonVPC"],
    ["to AmazonVPC, after an older release", undefined, amazonVpc, "Calico", "AmazonVPC"],
    ["to Calico", fixedSettings(settings(amazonVpc)), {}, "AmazonVPC", "Calico"],
  ])("%s is refused once, with the reason", (_what, before, after, from, to) => {
    expect(lines(before, after)).toEqual([
      `calico.cni: the cluster has ${from}, and the stack file says ${to}; running pods keep addresses and routes of the CNI that started them, and would lose the network. Set it to ${from} again, or create another stack with the new value, move the workloads and destroy this one.`,
    ]);
  });

  it("passes when both say the same", () => {
    expect(lines(fixedSettings(settings(amazonVpc)), amazonVpc)).toEqual([]);
    expect(lines(fixedSettings(settings()), {})).toEqual([]);
  });

  it("leaves what a stack without it records as it was", () => {
    expect(Object.keys(fixedSettings(settings()))).toEqual([
      "region",
      "name",
      "serviceCidr",
      "secretsKey",
      "vpc",
      "podCidr",
      "blockSize",
      "encapsulation",
    ]);
  });
});
