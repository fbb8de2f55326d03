import { describe, expect, it } from "vitest";
import { nameOf, resourcesOf } from "../../../../infra/commands/shared/graph.ts";

const provider = "urn:pulumi:dev::p::pulumi:providers:aws::aws";
const vpc = "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::vpc";

describe("the resources of a deployment", () => {
  it("depend on what dependsOn, a property or the provider names, each once", () => {
    const [subnet] = resourcesOf({
      resources: [
        {
          urn: "urn:pulumi:dev::p::aws:ec2/subnet:Subnet::subnet",
          type: "aws:ec2/subnet:Subnet",
          custom: true,
          parent: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
          provider: `${provider}::1f2e3d`,
          dependencies: [vpc],
          propertyDependencies: { vpcId: [vpc], tags: [] },
          deletedWith: vpc,
          inputs: { cidrBlock: "10.40.0.0/20" },
          outputs: { id: "subnet-1" },
        },
      ],
    });

    expect(subnet).toEqual({
      urn: "urn:pulumi:dev::p::aws:ec2/subnet:Subnet::subnet",
      type: "aws:ec2/subnet:Subnet",
      name: "subnet",
      custom: true,
      parent: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
      dependsOn: [vpc, provider],
      deletedWith: vpc,
      inputs: { cidrBlock: "10.40.0.0/20" },
      outputs: { id: "subnet-1" },
    });
  });

  it("may have nothing but a name", () => {
    const urn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";

    expect(resourcesOf({ resources: [{ urn, type: "pulumi:pulumi:Stack", custom: false }] })).toEqual([
      {
        urn,
        type: "pulumi:pulumi:Stack",
        name: "p-dev",
        custom: false,
        parent: undefined,
        dependsOn: [],
        deletedWith: undefined,
        inputs: {},
        outputs: {},
      },
    ]);
  });

  it.each([undefined, null, {}])("of %o are none", (deployment) => {
    expect(resourcesOf(deployment)).toEqual([]);
  });
});

it("the name is the last part of a URN, including its own colons", () => {
  expect(nameOf("urn:pulumi:dev::p::kubernetes:apps/v1:Deployment::chart:ns/name")).toBe("chart:ns/name");
});
