import { describe, expect, it } from "vitest";
import { problemLine } from "../../../../../components/values/problem.ts";
import { readiness, type Secrets } from "../../../../../infra/commands/pipeline/requirements.ts";

const env = {
  ENVIRONMENT: "dev",
  STACK_ROLE_ARN: "arn:aws:iam::111122223333:role/calico-deploy",
  PULUMI_BACKEND_URL: "s3://states?region=eu-west-1",
};
const key: Secrets = { provider: "awskms://alias/pulumi?region=eu-west-1", salt: undefined };
const nothing: Secrets = { provider: undefined, salt: undefined };
const problems = (changes: Record<string, string>, secrets = key) => {
  const state = readiness({ ...env, ...changes }, "dev", secrets);
  return state.kind === "wrong" ? state.problems.map(problemLine) : state.kind;
};

describe("what a step on a stack needs", () => {
  it("is there with a role, a backend and a key for secrets", () => {
    expect(problems({})).toBe("ready");
  });

  it("is there with Pulumi Cloud and an organization, which keeps secrets itself", () => {
    const cloud = { PULUMI_BACKEND_URL: "https://api.pulumi.com", PULUMI_ORGANIZATION: "acme" };

    expect(problems(cloud, nothing)).toBe("ready");
  });

  it("is not set up at all when nothing is there", () => {
    expect(readiness({ ENVIRONMENT: "dev" }, "dev", nothing)).toEqual({
      kind: "notSetUp",
      missing: ["STACK_ROLE_ARN", "PULUMI_BACKEND_URL"],
    });
  });

  it.each([
    {
      title: "a missing role",
      changes: { STACK_ROLE_ARN: "" },
      line: "STACK_ROLE_ARN: not set; must be the ARN of the role that the workflow assumes. Set it in Settings → Environments → dev → Environment variables, such as arn:aws:iam::111122223333:role/calico-preview.",
    },
    {
      title: "a backend on the runner's own disk",
      changes: { PULUMI_BACKEND_URL: "file://~" },
      line: 'PULUMI_BACKEND_URL: "file://~"; must be a backend that outlives the runner: s3://, gs://, azblob:// or https://. Set it in Settings → Environments → dev → Environment variables, such as s3://my-bucket?region=eu-west-1.',
    },
    {
      title: "Pulumi Cloud without an organization",
      changes: { PULUMI_BACKEND_URL: "https://api.pulumi.com" },
      line: "PULUMI_ORGANIZATION: not set; Pulumi Cloud issues the workflow a token of an organization. Set it as a variable of the repository.",
    },
    {
      title: "no secrets provider",
      changes: {},
      secrets: nothing,
      line: 'stacks/Pulumi.dev.yaml: it has no secretsprovider; a workflow without stored secrets needs a KMS key that its role may use. Run npx pulumi stack change-secrets-provider -s dev "awskms://alias/my-key?region=eu-west-1" and commit the stack file.',
    },
    {
      title: "a passphrase, even with Pulumi Cloud",
      changes: { PULUMI_BACKEND_URL: "https://api.pulumi.com", PULUMI_ORGANIZATION: "acme" },
      secrets: { provider: undefined, salt: "v1:abc" },
      line: expect.stringMatching(
        /^stacks\/Pulumi\.dev\.yaml: its secrets are encrypted with a passphrase; /,
      ),
    },
  ])("says how to fix $title", ({ changes, secrets, line }) => {
    expect(problems(changes, secrets)).toEqual([line]);
  });
});
