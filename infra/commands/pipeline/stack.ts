import { readWholeStackFile, stacksIn } from "../shared/stackFile.ts";
import { UserError } from "../shared/userError.ts";
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
  const region = readWholeStackFile(stack, root).config["aws:region"];
  return typeof region === "string" ? region : "us-east-1";
}

/** What a stack file says of the encryption of its secrets. */
export function secretsOf(stack: string, root: string): Secrets {
  const { secretsprovider, encryptionsalt } = readWholeStackFile(stack, root);
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { provider: text(secretsprovider), salt: text(encryptionsalt) };
}
