import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { previewedResources } from "../../infra/commands/policies/preview.ts";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { findings } from "../../infra/policies/policies.ts";
import { program } from "../../infra/program.ts";
import { previewed } from "./previewing.ts";
import { rehearsed, root, smallCluster } from "./rehearsed.ts";

const pack = join(root, "infra", "policies");
const prod = readStackFile({ stack: "prod" }, root).config;

/** The program, to which a user adds what they should not. */
const withOwn = async () => {
  const outputs = await program();
  const opts = { provider: new aws.Provider("own", { region: "eu-west-1" }) };
  new aws.eks.Addon("own-cni", { clusterName: outputs.clusterName, addonName: "vpc-cni" }, opts);
  const group = { securityGroupId: outputs.nodeSecurityGroupId, ipProtocol: "tcp" };
  new aws.vpc.SecurityGroupIngressRule(
    "own-https",
    { ...group, fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" },
    opts,
  );
  return outputs;
};

describe("The policy pack, run by the engine,", () => {
  it("lets prod pass, in a first preview, in which nothing has an id", async () => {
    const { output, errors } = await previewed({ program, config: prod, words: ["--policy-pack", pack] });

    expect(errors).toEqual([]);
    expect(output).toContain("✅ calico-ebpf-eks@v0.1.0");
    expect(output).not.toContain("can't run policy");
  });

  it("fails a preview for what a user adds", async () => {
    const { output, errors } = await previewed({
      program: withOwn,
      config: smallCluster,
      words: ["--policy-pack", pack],
    });

    expect(errors).not.toEqual([]);
    expect(output).toContain("[mandatory]  no-vpc-cni  (aws:eks:Addon: own-cni)");
    expect(output).toContain(
      "the add-on vpc-cni is enabled; Calico is this cluster's CNI. Remove the add-on.",
    );
    expect(output).toContain("no-open-ingress  (aws:vpc:SecurityGroupIngressRule: own-https)");
  });

  it("takes what an organization chose from its file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-choices-"));
    try {
      const file = join(folder, "choices.json");
      const choices = {
        "no-open-ingress": { openPorts: [443] },
        "no-vpc-cni": "advisory",
        "tags-present": { requiredTags: ["team"] },
      };
      await writeFile(file, JSON.stringify(choices));
      const { output } = await previewed({
        program: withOwn,
        config: smallCluster,
        words: ["--policy-pack", pack, "--policy-pack-config", file],
      });

      expect(output).toContain("[advisory]  no-vpc-cni");
      expect(output).not.toContain("no-open-ingress");
      expect(output).toContain("it has no tag team; it is needed on everything.");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("The policies hold for", () => {
  it("a preview of prod as JSON, the children of the eks component among its resources", async () => {
    const { output } = await previewed({ program, config: prod, words: ["--json", "--show-sames"] });
    const resources = previewedResources("preview.json", output);

    expect(resources.filter(({ type }) => type === "aws:eks/cluster:Cluster")).toHaveLength(1);
    expect(findings(resources)).toEqual([]);
  });

  it("the state of a cluster that is up", async () => {
    const { resources } = await rehearsed({
      config: { ...smallCluster, "calico-ebpf-eks:tags": { team: "net" } },
    });
    const judged = resources.map((one) => ({
      ...one,
      parent: one.parent ?? "",
      deletedWith: one.deletedWith ?? "",
    }));

    expect(findings(judged)).toEqual([]);
  });
});
