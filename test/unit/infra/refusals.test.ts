import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type RecorderOptions, recordRefusal } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { registered } from "../../support/graph.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { existingNetwork } from "./variants.ts";

type Answers = NonNullable<RecorderOptions["answers"]>;

const refusal = (changes: SettingsChange, answers: Answers = {}, stack = "dev") =>
  recordRefusal(program, { config: stackConfig(changes), answers, stack });

/** The whole message, of an error that the CLI prints without a stack trace. */
function message(error: unknown): string {
  if (!pulumi.RunError.isInstance(error)) throw error;
  return error.message;
}

describe("settings that are refused register nothing", () => {
  it.each<[string, SettingsChange, string]>([
    [
      "DSR in two zones",
      { network: { nodeZones: ["eu-west-1a", "eu-west-1b"] } },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  calico.externalService: DSR needs one node subnet; network.nodeZones has 2 (eu-west-1a, eu-west-1b). Keep one zone, or set externalService: Tunnel.`,
    ],
    [
      "Iptables alone",
      { calico: { dataplane: "Iptables" } },
      `calico-ebpf-eks: 2 problems in the settings of stack dev
  calico.externalService: DSR, the default, needs the BPF dataplane; calico.dataplane is Iptables. Set externalService: Tunnel, or dataplane: BPF.
  kubeProxy: Absent leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.`,
    ],
    [
      "the wrong processor",
      { nodePools: { arm: { architecture: "arm64", instanceTypes: ["m7i.large"] } } },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  nodePools.arm.instanceTypes[0]: m7i.large is x86_64; the pool's architecture is arm64. Use m7g.large, or architecture: x86_64.`,
    ],
  ])("%s", async (_name, changes, text) => {
    const { error, resources } = await refusal(changes);

    expect(message(error)).toBe(text);
    expect(resources).toEqual([]);
  });

  it("and the message names the stack", async () => {
    const { error } = await refusal({ network: { natGateway: false } }, {}, "prod");

    expect(message(error)).toBe(
      `calico-ebpf-eks: 1 problem in the settings of stack prod
  calico.registry: no registry is set; network.natGateway is None, so nodes cannot reach quay.io. Mirror Calico's images to ECR and set its address here, or set network.natGateway: Single.`,
    );
  });
});

const offerings = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";
const subnets = "aws:ec2/getSubnet:getSubnet";
const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";

describe("surroundings that do not fit register only the provider that read them", () => {
  it.each<[string, SettingsChange, Answers, string]>([
    [
      "a zone without the instance type",
      { network: { nodeZones: ["eu-west-1a"] } },
      { [offerings]: () => ({ locations: ["eu-west-1b"], instanceTypes: ["m7i.large"] }) },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  nodePools.default.instanceTypes[0]: eu-west-1a does not offer m7i.large; nodes start in eu-west-1a. Use another type, or a zone that offers it (eu-west-1b).`,
    ],
    [
      "a region without the instance type",
      {},
      { [offerings]: () => ({ locations: [], instanceTypes: [] }) },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  nodePools: no zone of eu-west-1 offers m7i.large; every node zone must offer every type. Choose types that one zone offers.`,
    ],
    [
      "a region with one zone",
      {},
      { [zones]: () => ({ names: ["eu-west-1a"], zoneIds: ["euw1-az1"] }) },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  aws:region: eu-west-1 has 1 zone that can hold a control plane (eu-west-1a); EKS needs two. Choose another region.`,
    ],
    [
      "a zone that the account does not have",
      { network: { nodeZones: ["eu-west-1d"] } },
      {},
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  network.nodeZones[0]: eu-west-1d is not available to this account; eu-west-1 has eu-west-1a, eu-west-1b and eu-west-1c. Choose one of them.`,
    ],
    [
      "a subnet of another VPC",
      existingNetwork,
      {
        [subnets]: ({ id }) => ({
          id,
          vpcId: id === "subnet-0000000000000000c" ? "vpc-0000000000000000f" : "vpc-0a1b2c3d4e5f67890",
          availabilityZone: id === "subnet-0000000000000000b" ? "eu-west-1b" : "eu-west-1a",
          availabilityZoneId: id === "subnet-0000000000000000b" ? "euw1-az2" : "euw1-az1",
          cidrBlock: "10.40.0.0/20",
        }),
      },
      `calico-ebpf-eks: 1 problem in the settings of stack dev
  network.existing.nodeSubnetIds[0]: subnet-0000000000000000c is in vpc-0000000000000000f; network.existing.vpcId is vpc-0a1b2c3d4e5f67890. Use a subnet of that VPC, or correct vpcId.`,
    ],
  ])("%s", async (_name, changes, answers, text) => {
    const { error, resources } = await refusal(changes, answers);

    expect(message(error)).toBe(text);
    expect(registered(resources)).toEqual(["pulumi:providers:aws aws"]);
  });

  it("an account that cannot be reached, in AWS's own words", async () => {
    const { error, resources } = await refusal(
      {},
      {
        "aws:index/getCallerIdentity:getCallerIdentity": () => {
          // What the engine's refusal is made of.
          throw Object.assign(new Error(), { details: "no valid credential sources found" });
        },
      },
    );

    expect(String(error)).toContain("no valid credential sources found");
    expect(registered(resources)).toEqual(["pulumi:providers:aws aws"]);
  });
});
