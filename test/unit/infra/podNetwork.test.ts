import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, namesOf } from "../../support/graph.ts";
import { resolved } from "../../support/outputs.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { amazonVpc, withoutNat } from "./variants.ts";

const addonType = "aws:eks/addon:Addon";
const outputsOf = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).result;
const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).resources;
const resources = await recorded(amazonVpc);
const addon = find(resources, addonType, "vpc-cni");
const earlierThan = (type: string, name?: string) => [...before(resources, find(resources, type, name))];
const beforeAddon = earlierThan(addonType, "vpc-cni");

describe("a stack whose pods have addresses of the VPC", () => {
  it("has an output that says so, which no other has", async () => {
    expect(await outputsOf(amazonVpc)).toMatchObject({ cni: "AmazonVPC" });
    expect(await outputsOf({})).not.toHaveProperty("cni");
  });

  it("has the add-on, its agent, CoreDNS, and no other", () => {
    expect(namesOf(resources, addonType)).toEqual(["coredns", "eks-pod-identity-agent", "vpc-cni"]);
  });

  it("installs it before the first node, waiting for no node and for nothing that needs one", () => {
    const group = "aws:eks/nodeGroup:NodeGroup";

    expect(earlierThan(group)).toContain(`${addonType} vpc-cni`);
    expect(beforeAddon.filter((one) => one.startsWith(group) || one.includes("tigera"))).toEqual([]);
  });

  it("gives it credentials by the agent, and the permission for its annotations, before its pods start", () => {
    expect(beforeAddon).toEqual(
      expect.arrayContaining([
        `${addonType} eks-pod-identity-agent`,
        "aws:eks/podIdentityAssociation:PodIdentityAssociation calico-ebpf-eks-dev-vpc-cni",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment calico-ebpf-eks-dev-vpc-cni-AmazonEKS_CNI_Policy",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding vpc-cni-pod-annotations",
      ]),
    );
    expect(
      find(resources, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "vpc-cni-pod-annotations")
        .inputs,
    ).toMatchObject({ rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }] });
  });

  it("attaches the CNI's policy to no node", () => {
    expect(
      namesOf(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter((name) =>
        name.includes("CNI"),
      ),
    ).toEqual(["calico-ebpf-eks-dev-vpc-cni-AmazonEKS_CNI_Policy"]);
  });

  it("configures prefixes of the first interface only, annotations for Calico and the API server's own address", async () => {
    const tagged = find(await recorded({ ...amazonVpc, tags: { team: "net" } }), addonType, "vpc-cni");
    const env = (inputs: Readonly<Record<string, unknown>>) =>
      JSON.parse(String(inputs["configurationValues"]));
    const plain = {
      ENABLE_PREFIX_DELEGATION: "true",
      MAX_ENI: "1",
      WARM_PREFIX_TARGET: "1",
      ANNOTATE_POD_IP: "true",
      CLUSTER_ENDPOINT: expect.stringMatching(/./),
    };

    expect(env(addon.inputs)).toEqual({ env: plain });
    expect(env(tagged.inputs)).toEqual({ env: { ...plain, ADDITIONAL_ENI_TAGS: '{"team":"net"}' } });
  });

  it("has the endpoint of the agent's service where there is no NAT gateway", async () => {
    const closed = await recorded({ ...withoutNat, calico: { ...withoutNat.calico, cni: "AmazonVPC" } });

    expect(namesOf(closed, "aws:ec2/vpcEndpoint:VpcEndpoint").some((name) => name.endsWith("eks-auth"))).toBe(
      true,
    );
  });

  it("records what it has, so that the next run refuses another CNI", async () => {
    const { result } = await record(program, { config: stackConfig(amazonVpc) });

    expect(await resolved(result.fixed)).toMatchObject({ cni: "AmazonVPC" });
  });
});

describe("a stack whose pods have addresses of Calico", () => {
  it("has none of it", async () => {
    const others = await recorded({});

    expect(namesOf(others, addonType)).toEqual(["coredns"]);
    expect(others.filter(({ name }) => name.includes("vpc-cni"))).toEqual([]);
  });
});
