import { describe, expect, it } from "vitest";
import { eksCluster } from "../../../simulator/aws/eksComponent.ts";
import type { Child, Construction, Registered } from "../../../simulator/protocol/component.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";

const inputs: Values = {
  name: "dev",
  version: "1.35",
  subnetIds: ["subnet-1", "subnet-2"],
  vpcId: "vpc-1",
  skipDefaultNodeGroup: true,
  skipDefaultSecurityGroups: true,
  bootstrapSelfManagedAddons: false,
  useDefaultVpcCni: true,
  kubeProxyAddonOptions: { enabled: false },
  corednsAddonOptions: { enabled: false },
  authenticationMode: "API",
  providerCredentialOpts: { profileName: "work", roleArn: "arn:aws:iam::111122223333:role/deploy" },
  accessEntries: {
    alice: {
      principalArn: "arn:aws:iam::111122223333:user/alice",
      accessPolicies: { admin: { policyArn: "arn:policy", accessScope: { type: "cluster" } } },
    },
  },
  tags: { team: "net" },
};

const states: Readonly<Record<string, Values>> = {
  "aws:iam/role:Role": { arn: "arn:role", name: "role" },
  "aws:eks/cluster:Cluster": {
    arn: "arn:aws:eks:eu-west-1:111122223333:cluster/dev",
    name: "dev",
    endpoint: "https://abc.example.com",
    certificateAuthority: { data: "Y2E=" },
    vpcConfig: { clusterSecurityGroupId: "sg-1" },
  },
};

/** What the component registers, and what it gives out. */
async function constructed() {
  const children: Child[] = [];
  const register = async (child: Child): Promise<Registered> => {
    children.push(child);
    return { urn: `urn:${child.name}`, id: `${child.name}-id`, state: states[child.type] ?? {} };
  };
  const of: Construction = {
    type: "eks:index:Cluster",
    name: "c",
    inputs,
    providers: { aws: "urn:aws::1" },
    registerSelf: async () => ({ urn: "urn:c", id: "", state: {} }),
    register,
  };
  const { state } = await eksCluster(of);
  const child = (type: string) => children.find((one) => one.type === type);
  return { child, state };
}

const execOf = (json: unknown) => JSON.parse(String(json)).users[0].user.exec;

describe("the eks component, as its source has it", () => {
  it("passes the profile only to its own provider", async () => {
    const { child, state } = await constructed();
    const own = execOf(child("pulumi:providers:kubernetes")?.inputs["kubeconfig"]);
    const given = execOf(state["kubeconfigJson"]);

    expect(given.args).toEqual(
      "--region eu-west-1 eks get-token --cluster-name dev --output json --role arn:aws:iam::111122223333:role/deploy".split(
        " ",
      ),
    );
    expect(own.args).toEqual([...given.args, "--profile", "work"]);
    expect(given.env).toEqual([
      { name: "KUBERNETES_EXEC_INFO", value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' },
    ]);
  });

  it("describes and tags its role, which EKS may assume and give tags", async () => {
    const { child } = await constructed();
    const { inputs: role } = child("aws:iam/role:Role") ?? { inputs: {} };

    expect(role).toMatchObject({
      description: "Allows EKS to manage clusters on your behalf.",
      tags: { team: "net" },
    });
    expect(JSON.parse(String((role as Values)["assumeRolePolicy"])).Statement[0].Action).toEqual([
      "sts:AssumeRole",
      "sts:TagSession",
    ]);
  });

  it("hands the role itself to what attaches its policy, not the name", async () => {
    const { child } = await constructed();

    expect(child("aws:iam/rolePolicyAttachment:RolePolicyAttachment")?.inputs["role"]).toMatchObject({
      urn: "urn:c-eksRole-role",
      id: "c-eksRole-role-id",
    });
  });

  it("makes the association of a policy a child of the access entry", async () => {
    const { child } = await constructed();

    expect(child("aws:eks/accessEntry:AccessEntry")?.parent).toBe("urn:c");
    expect(child("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")?.parent).toBe("urn:c-alice");
  });

  it("gives out everything that its schema requires", async () => {
    const { state } = await constructed();

    expect(Object.keys(state).toSorted()).toEqual([
      "autoModeNodeRoleName",
      "clusterIngressRuleId",
      "clusterSecurityGroupId",
      "core",
      "defaultNodeGroupAsgName",
      "eksCluster",
      "fargateProfileId",
      "fargateProfileStatus",
      "instanceRoles",
      "kubeconfig",
      "kubeconfigJson",
      "nodeSecurityGroupId",
      "oidcIssuer",
      "oidcProviderArn",
      "oidcProviderUrl",
    ]);
  });
});
