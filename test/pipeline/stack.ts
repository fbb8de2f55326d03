import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { stacksIn } from "../rehearsal/stackFile.ts";
import { UserError } from "../rehearsal/userError.ts";
import { isCloudBackend, type Secrets } from "./requirements.ts";
import type { Surroundings } from "./surroundings.ts";

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

/** As the CLI names it: with its organization where the backend has any. */
export function qualifiedStack(around: Surroundings): string {
  const stack = stackOf(around);
  return isCloudBackend(around.env) ? `${around.env["PULUMI_ORGANIZATION"]}/${stack}` : stack;
}

/** Region of a stack file, for the credentials; a cluster that is there may have none. */
export function regionOfStack(stack: string, root: string): string {
  const region = documentOf(stack, root).getIn(["config", "aws:region"]);
  return typeof region === "string" ? region : "us-east-1";
}

/** What a stack file says of the encryption of its secrets. */
export function secretsOf(stack: string, root: string): Secrets {
  const document = documentOf(stack, root);
  const text = (key: string) => {
    const value = document.get(key);
    return typeof value === "string" ? value : undefined;
  };
  return { provider: text("secretsprovider"), salt: text("encryptionsalt") };
}

function documentOf(stack: string, root: string): Document {
  return parseDocument(readFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "utf8"));
}
