import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, namesOf, registered } from "../../support/graph.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { stored, usable, withoutNat } from "./variants.ts";

const addonType = "aws:eks/addon:Addon";
const associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const readyGate = "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate";
const coreDns = "kubernetes:apps/v1:DeploymentPatch coredns";
const agent = "aws:eks/addon:Addon eks-pod-identity-agent";

const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).resources;
const resources = await recorded(usable);
const beforeAddon = (name: string) => before(resources, find(resources, addonType, name));

describe("the add-ons of a stack", () => {
  it("are those that it names, and the agent once for all that need it", () => {
    expect(namesOf(resources, addonType)).toEqual([
      "aws-ebs-csi-driver",
      "coredns",
      "eks-pod-identity-agent",
      "snapshot-controller",
    ]);
    expect(namesOf(resources, associationType)).toEqual([
      "calico-ebpf-eks-dev-aws-ebs-csi-driver",
      "calico-ebpf-eks-dev-pod-orders",
    ]);
  });

  it("come without the agent where no pod gets credentials", async () => {
    expect(namesOf(await recorded({ addons: { "snapshot-controller": {} } }), addonType)).toEqual([
      "coredns",
      "snapshot-controller",
    ]);
  });

  it("come once Calico is ready and DNS answers; the agent does not wait for DNS", () => {
    expect([...beforeAddon("snapshot-controller")]).toEqual(expect.arrayContaining([readyGate, coreDns]));
    expect(beforeAddon("snapshot-controller")).not.toContain(agent);
    expect(beforeAddon("eks-pod-identity-agent")).toContain(readyGate);
    expect(beforeAddon("eks-pod-identity-agent")).not.toContain(coreDns);
  });

  it("start with their credentials", () => {
    expect([...beforeAddon("aws-ebs-csi-driver")]).toEqual(
      expect.arrayContaining([
        agent,
        `${associationType} calico-ebpf-eks-dev-aws-ebs-csi-driver`,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment calico-ebpf-eks-dev-aws-ebs-csi-driver-AmazonEBSCSIDriverPolicy",
      ]),
    );
  });

  it("have the version that is set, or else EKS's default", async () => {
    const pinned = await recorded({
      addons: { "snapshot-controller": { version: "v8.3.0-eksbuild.1" }, "cert-manager": {} },
    });
    const version = (name: string) => find(pinned, addonType, name).inputs["addonVersion"];

    expect(version("snapshot-controller")).toBe("v8.3.0-eksbuild.1");
    expect(version("cert-manager")).toBe("v1.35.0-eksbuild.2");
  });

  it("can have the agent among them, with a version", async () => {
    const agents = await recorded({
      addons: { "eks-pod-identity-agent": { version: "v1.3.9-eksbuild.1" } },
      podIdentities: usable.podIdentities ?? {},
    });

    expect(find(agents, addonType, "eks-pod-identity-agent").inputs["addonVersion"]).toBe(
      "v1.3.9-eksbuild.1",
    );
  });
});

describe("a network without a NAT gateway", () => {
  const authEndpoint = (found: typeof resources) =>
    registered(found).filter((one) => one.endsWith("-endpoints-eks-auth"));

  it("has an endpoint for credentials of pods, and only where there are some", async () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror" };
    expect(authEndpoint(await recorded({ ...withoutNat, ...usable, charts }))).toEqual([
      "aws:ec2/vpcEndpoint:VpcEndpoint calico-ebpf-eks-dev-network-endpoints-eks-auth",
    ]);
    expect(authEndpoint(await recorded(withoutNat))).toEqual([]);
  });
});

describe("the IAM provider of service accounts", () => {
  const providerType = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

  it("is for the issuer of the cluster, and for STS", () => {
    expect(find(resources, providerType).inputs).toEqual({
      url: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789",
      clientIdLists: ["sts.amazonaws.com"],
      tags: {},
    });
  });

  it("is there only where it is set, and not part of the cluster's protection", async () => {
    expect(namesOf(await recorded({}), providerType)).toEqual([]);
    const protectedOnes = await recorded({ cluster: { oidcProvider: true, deletionProtection: true } });

    expect(find(protectedOnes, providerType).protect).toBe(false);
  });
});

describe("metrics-server", () => {
  it("is the pinned chart, on the host network at the port that is open, after DNS", () => {
    const chart = find(resources, "kubernetes:helm.sh/v4:Chart", "metrics-server");

    expect(chart.inputs).toMatchObject({
      chart: "metrics-server",
      version: "3.13.1",
      namespace: "kube-system",
      values: { hostNetwork: { enabled: true }, containerPort: 4443, replicas: 1 },
    });
    expect(before(resources, chart)).toContain(coreDns);
    expect(
      find(
        resources,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "calico-ebpf-eks-dev-node-control-plane-4443",
      ).inputs,
    ).toMatchObject({
      fromPort: 4443,
      toPort: 4443,
      ipProtocol: "tcp",
      description: "API server to metrics-server",
    });
  });

  it("is not there by default", async () => {
    expect(namesOf(await recorded({}), "kubernetes:helm.sh/v4:Chart")).toEqual(["tigera-operator"]);
  });
});

describe("volumes", () => {
  const classType = "kubernetes:storage.k8s.io/v1:StorageClass";

  it("come with a class once the driver runs", async () => {
    const all = await recorded(stored);

    expect([...before(all, find(all, classType))]).toContain("aws:eks/addon:Addon aws-ebs-csi-driver");
  });

  it("have no class in a stack that does not ask for them, even with the driver as an add-on", async () => {
    const addons = { "aws-ebs-csi-driver": {} };

    expect(namesOf(await recorded({ addons }), classType)).toEqual([]);
    expect(namesOf(await recorded({}), classType)).toEqual([]);
  });
});
