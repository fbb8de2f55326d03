import { problemReport } from "../../../../components/values/problem.ts";
import { codeBlock } from "../../shared/escape.ts";
import { setOutputs, summarize } from "../github.ts";
import { readiness, regionOfStack, secretsOf, stackOf } from "../requirements.ts";
import type { Surroundings } from "../run.ts";

/**
 * Whether the stack can be reached, as the output `ready`. A repository without any setup is skipped; in one
 * with an incomplete setup, an error lists what is missing and where to set it.
 */
export async function require(around: Surroundings): Promise<number> {
  const stack = stackOf(around);
  const { ENVIRONMENT: environment = "", OPERATION: operation = "" } = around.env;
  const state = readiness(around.env, stack, secretsOf(stack, around.root));
  if (state.kind === "wrong") {
    const report = problemReport(state.problems, `the setup of ${operation} of stack ${stack}`);
    around.say(`${report}\n`);
    summarize(around, codeBlock(report).join("\n"));
    return 1;
  }
  const ready = state.kind === "ready";
  if (state.kind === "notSetUp") {
    summarize(
      around,
      `**${operation} of stack ${stack} was skipped**: environment \`${environment}\` has no variables ${state.missing.map((name) => `\`${name}\``).join(" and ")}. Set them in Settings → Environments → ${environment}; docs/ci.md describes the values.`,
    );
  }
  setOutputs(around, { ready: String(ready), region: regionOfStack(stack, around.root) });
  return 0;
}

/** Explains what AWS needs to trust the workflow, after it did not. */
export async function explainCredentials(around: Surroundings): Promise<number> {
  const { GITHUB_REPOSITORY: repository, ENVIRONMENT: environment, STACK_ROLE_ARN: role = "" } = around.env;
  const account = role.split(":")[4] ?? "";
  const partition = role.split(":")[1] ?? "aws";
  const provider = "token.actions.githubusercontent.com";
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${provider}:aud`]: "sts.amazonaws.com",
            [`${provider}:sub`]: `repo:${repository}:environment:${environment}`,
          },
        },
      },
    ],
  };
  const text = [
    `AWS did not let this job assume ${role}.`,
    `1. IAM of account ${account} needs the identity provider https://${provider} with the audience sts.amazonaws.com.`,
    "2. The role's trust policy must name this repository and environment:",
    JSON.stringify(trust, undefined, 2),
    `To use another role: Settings → Environments → ${environment} → STACK_ROLE_ARN.`,
  ].join("\n");
  around.say(`${text}\n`);
  summarize(around, codeBlock(text).join("\n"));
  return 0;
}
