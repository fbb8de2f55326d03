import type { Problem } from "../../../components/values/problem.ts";
import type { Environment } from "../shared/engine/environment.ts";
import { UserError } from "../shared/errors.ts";
import { readWholeStackFile, stacksIn } from "../shared/stackFile.ts";
import type { Surroundings } from "./run.ts";

/** Variables of a GitHub environment without which a step cannot reach AWS and the state. */
const needed = {
  STACK_ROLE_ARN: {
    fits: /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/,
    needs: "must be the ARN of the role that the workflow assumes",
    example: "arn:aws:iam::111122223333:role/calico-preview",
  },
  PULUMI_BACKEND_URL: {
    fits: /^(s3|gs|azblob|https):\/\/[^\s/]+/,
    needs: "must be a backend that outlives the runner: s3://, gs://, azblob:// or https://",
    example: "s3://my-bucket?region=eu-west-1",
  },
} as const;

/** What a stack file says of the encryption of secrets; both may be missing. */
export interface Secrets {
  /** `secretsprovider:` */
  readonly provider: string | undefined;
  /** `encryptionsalt:`, which belongs to a passphrase. */
  readonly salt: string | undefined;
}

/** Whether a stack can be reached: it is set up, it is not at all, or wrongly. */
type Readiness =
  | { readonly kind: "ready" }
  | { readonly kind: "notSetUp"; readonly missing: readonly string[] }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] };

/** Checks the environment and the stack file, before AWS is called. */
export function readiness(env: Environment, stack: string, secrets: Secrets): Readiness {
  const missing = Object.keys(needed).filter((name) => !env[name]);
  if (missing.length === Object.keys(needed).length) return { kind: "notSetUp", missing };
  const problems = [
    ...variableProblems(env),
    ...organizationProblems(env),
    ...secretsProblems(env, stack, secrets),
  ];
  return problems.length === 0 ? { kind: "ready" } : { kind: "wrong", problems };
}

/** Whether the state is in Pulumi Cloud, or in a self-hosted service with the same API. */
export function isCloudBackend({ PULUMI_BACKEND_URL: url = "" }: Environment): boolean {
  return url.startsWith("https://");
}

function variableProblems(env: Environment): Problem[] {
  const where = `Set it in Settings → Environments → ${env["ENVIRONMENT"] ?? "the environment"} → Environment variables`;
  return Object.entries(needed).flatMap(([name, { fits, needs, example }]) => {
    const value = env[name] ?? "";
    if (fits.test(value)) return [];
    const found = value === "" ? "not set" : `"${value}"`;
    return [{ path: name, found, needs, fix: `${where}, such as ${example}` }];
  });
}

function organizationProblems(env: Environment): Problem[] {
  if (!isCloudBackend(env) || env["PULUMI_ORGANIZATION"]) return [];
  return [
    {
      path: "PULUMI_ORGANIZATION",
      found: "not set",
      needs: "Pulumi Cloud issues the workflow a token of an organization",
      fix: "Set it as a variable of the repository",
    },
  ];
}

function secretsProblems(env: Environment, stack: string, { provider, salt }: Secrets): Problem[] {
  if (isCloudBackend(env) && salt === undefined) return [];
  const isKey = /^(awskms|azurekeyvault|gcpkms|hashivault):\/\//.test(provider ?? "");
  if (isKey && salt === undefined) return [];
  return [
    {
      path: `stacks/Pulumi.${stack}.yaml`,
      found: salt === undefined ? "it has no secretsprovider" : "its secrets are encrypted with a passphrase",
      needs: "a workflow without stored secrets needs a KMS key that its role may use",
      fix: `Run npx pulumi stack change-secrets-provider -s ${stack} "awskms://alias/my-key?region=eu-west-1" and commit the stack file`,
    },
  ];
}

/**
 * The stack that STACK names.
 * @throws UserError when it has no file
 */
export function stackOf({ env, root }: Surroundings): string {
  const { STACK: stack = "" } = env;
  const there = stacksIn(root);
  if (there.includes(stack)) return stack;
  throw new UserError(`STACK: no stack is named "${stack}"; there are ${there.join(", ")}.`);
}

/** The name that the CLI uses: with its organization where the backend has any. */
export function qualifiedStack(around: Surroundings): string {
  const stack = stackOf(around);
  return isCloudBackend(around.env) ? `${around.env["PULUMI_ORGANIZATION"]}/${stack}` : stack;
}

/** Region of a stack file, for the credentials; a stack that adopts a cluster may have none. */
export function regionOfStack(stack: string, root: string): string {
  const region = readWholeStackFile(stack, root).config["aws:region"];
  return typeof region === "string" ? region : "us-east-1";
}

/** What a stack file says of the encryption of its secrets. */
export function secretsOf(stack: string, root: string): Secrets {
  const { secretsprovider, encryptionsalt } = readWholeStackFile(stack, root);
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { provider: text(secretsprovider), salt: text(encryptionsalt) };
}
