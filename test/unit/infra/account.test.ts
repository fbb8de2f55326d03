import { describe, expect, it, vi } from "vitest";
import { record, recordRefusal } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { sdkConfig } from "../../../infra/sdkConfig.ts";
import { find } from "../../support/graph.ts";
import { stackConfig } from "../../support/stackConfig.ts";

// Recording the whole program takes a second, and a busy machine makes it many.
vi.setConfig({ testTimeout: 60_000 });

const roleArn = "arn:aws:iam::111122223333:role/deployer";
const inAccount = { config: stackConfig({ account: { id: "111122223333", roleArn } }) };

describe("a stack with its own account", () => {
  it("assumes the role in the provider, and lets it into no other account", async () => {
    const { resources } = await record(program, inAccount);

    expect(find(resources, "pulumi:providers:aws").inputs).toMatchObject({
      assumeRoles: JSON.stringify([{ roleArn, sessionName: "calico-ebpf-eks" }]),
      allowedAccountIds: '["111122223333"]',
    });
  });

  it("assumes the role in the kubeconfig", async () => {
    const { resources } = await record(program, inAccount);

    expect(find(resources, "eks:index:Cluster").inputs["providerCredentialOpts"]).toEqual({ roleArn });
  });

  it("leaves both alone without one", async () => {
    const { resources } = await record(program, { config: stackConfig({}) });

    expect(find(resources, "pulumi:providers:aws").inputs).not.toHaveProperty("assumeRoles");
    expect(find(resources, "pulumi:providers:aws").inputs).not.toHaveProperty("allowedAccountIds");
    expect(find(resources, "eks:index:Cluster").inputs).not.toHaveProperty("providerCredentialOpts");
  });

  it("says in one line that the credentials are another account's, and registers nothing", async () => {
    const { error, resources } = await recordRefusal(program, {
      ...inAccount,
      answers: {
        "aws:index/getCallerIdentity:getCallerIdentity": () => {
          throw Object.assign(new Error(), { details: "AWS account ID not allowed: 444455556666" });
        },
      },
    });

    expect(resources.filter(({ type }) => !type.startsWith("pulumi:providers:"))).toEqual([]);
    expect((error as Error).message).toContain(
      "calico-ebpf-eks: 1 problem in the settings of stack dev\n  account.id: the credentials belong to account 444455556666; this stack belongs to 111122223333.",
    );
  });

  it("gives the AWS SDK the same role, and without one no explicit credentials", async () => {
    const { credentials, ...others } = await sdkConfig({ region: "eu-west-1", profile: "work", roleArn });

    expect(credentials).toBeTypeOf("function");
    expect(others).toEqual({ region: "eu-west-1", profile: "work" });
    expect(await sdkConfig({ region: "eu-west-1", profile: undefined, roleArn: undefined })).toEqual({
      region: "eu-west-1",
    });
  });
});
