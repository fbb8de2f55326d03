import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { record } from "../../../../../infra/commands/shared/plan/recorder.ts";
import { readStackFile } from "../../../../../infra/commands/shared/stackFile.ts";
import { configTexts } from "../../../../../infra/commands/shared/stackSettings.ts";
import { findings } from "../../../../../infra/policies/policies.ts";
import { noChoices } from "../../../../../infra/policies/policy.ts";
import { program } from "../../../../../infra/program.ts";
import type { SettingsChange } from "../../../../support/settings.ts";
import { stackConfig } from "../../../../support/stackConfig.ts";
import { variants } from "../../variants.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..", "..");

async function broken(config: Readonly<Record<string, string>>, choices = noChoices, build = program) {
  const { resources } = await record(build, { config });
  return findings(resources, choices).map(
    ({ policy, urn }) => `${policy}: ${urn.split("::").slice(2).join(" ").split("$").at(-1)}`,
  );
}

describe("the policies hold for", () => {
  it.each(["dev", "prod"])("the stack %s", async (stack) => {
    expect(await broken(configTexts(readStackFile({ stack }, root).config))).toEqual([]);
  });

  it("prod when its tag is required of everything", async () => {
    const config = configTexts(readStackFile({ stack: "prod" }, root).config);

    expect(await broken(config, { ...noChoices, requiredTags: ["environment"] })).toEqual([]);
  });

  it.each(Object.entries(variants))("%s", async (_name, changes) => {
    expect(await broken(stackConfig(changes))).toEqual([]);
  });
});

describe("the policies name what a stack file asks for by name", () => {
  it.each<[string, SettingsChange, string[]]>([
    [
      "kube-proxy together with eBPF, for a trial",
      { kubeProxy: "Running" },
      ["no-kube-proxy-beside-ebpf: aws:eks/addon:Addon kube-proxy"],
    ],
    [
      "NodePorts for everybody",
      { nodePorts: { clients: ["0.0.0.0/0"] } },
      [
        "no-open-ingress: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule calico-ebpf-eks-dev-node-nodeports-tcp-0.0.0.0-0",
        "no-open-ingress: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule calico-ebpf-eks-dev-node-nodeports-udp-0.0.0.0-0",
      ],
    ],
    [
      "everybody at the API server",
      { cluster: { publicAccessCidrs: ["0.0.0.0/0"], allowPublicAnywhere: true } },
      ["endpoint-not-open-to-the-world: eks:index:Cluster calico-ebpf-eks-dev"],
    ],
    ["no logs", { cluster: { logTypes: [] } }, ["logs-kept: eks:index:Cluster calico-ebpf-eks-dev"]],
  ])("%s", async (_name, changes, expected) => {
    expect((await broken(stackConfig(changes))).toSorted()).toEqual(expected);
  });
});

describe("the policies name what a user adds", () => {
  it("next to the program", async () => {
    const own = async () => {
      const outputs = await program();
      const provider = new aws.Provider("own", { region: "eu-west-1" });
      const opts = { provider };
      new aws.eks.Addon("vpc-cni", { clusterName: outputs.clusterName, addonName: "vpc-cni" }, opts);
      new aws.vpc.SecurityGroupIngressRule(
        "ssh",
        {
          securityGroupId: outputs.nodeSecurityGroupId,
          ipProtocol: "tcp",
          fromPort: 22,
          toPort: 22,
          cidrIpv4: "0.0.0.0/0",
        },
        opts,
      );
      const policy =
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      new aws.iam.Policy("everything-in-s3", { policy }, opts);
      return outputs;
    };

    expect((await broken(stackConfig({ tags: { team: "net" } }), noChoices, own)).toSorted()).toEqual([
      "deleted-with-cluster: aws:eks/addon:Addon vpc-cni",
      "no-open-ingress: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule ssh",
      "no-vpc-cni: aws:eks/addon:Addon vpc-cni",
      "no-wildcard-iam-action: aws:iam/policy:Policy everything-in-s3",
      "tags-present: aws:eks/addon:Addon vpc-cni",
      "tags-present: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule ssh",
    ]);
  });
});
