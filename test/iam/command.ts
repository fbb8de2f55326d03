import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { accountOf } from "../../components/rules/account.ts";
import { accesses } from "../../components/rules/iam/access.ts";
import { largestPolicy, type PolicyDocument, sizeOf } from "../../components/rules/iam/policies.ts";
import { takesExisting } from "../../components/rules/settings/readExisting.ts";
import type { Settings } from "../../components/rules/settings/settings.ts";
import { writeWhole } from "../commandLine/outputFile.ts";
import { readArguments } from "../commandLine/readArguments.ts";
import { argumentError, usageText } from "../commandLine/usage.ts";
import { readStackFile } from "../rehearsal/stackFile.ts";
import { configTexts, originOf, stackSettings } from "../rehearsal/stackSettings.ts";
import { UserError } from "../rehearsal/userError.ts";
import { registration } from "../stacks/registration.ts";
import { iamCommand } from "./options.ts";
import { stackPolicies } from "./stackPolicies.ts";

type Say = (text: string) => void;

/**
 * `npm run iam`.
 * @param root folder of the project, which holds `stacks/`
 * @throws UserError when the arguments or the stack file are wrong
 */
export async function printPolicies(argv: readonly string[], root: string, say: Say): Promise<void> {
  const { given, problems } = readArguments(iamCommand.options, argv);
  if (given.has("help")) return say(usageText(iamCommand));
  const account = given.get("account");
  const malformed =
    account !== undefined && !/^\d{12}$/.test(account)
      ? [`--account: "${account}" is no account. Write its twelve digits: --account 111122223333`]
      : [];
  if (problems.length + malformed.length > 0) throw argumentError(iamCommand, [...problems, ...malformed]);

  const file = given.get("stack-file");
  const stackFile = readStackFile(
    file === undefined ? { stack: given.get("stack") ?? "dev" } : { file },
    root,
  );
  refuseExisting(stackFile);
  const settings = stackSettings(stackFile);
  const accountId = accountFor(settings, account, stackFile.file);
  const policies = stackPolicies({
    settings,
    registration: await registration(settings, configTexts(stackFile.config)),
    accountId,
    access: accesses.find((one) => one === given.get("for")) ?? "up",
    everySetting: given.has("every-setting"),
  });
  const folder = given.get("folder");
  if (folder === undefined) say(JSON.stringify(policies, undefined, 2));
  else writePolicies(policies, folder, say);
}

/** Of a cluster that is there, only what is inside it is managed. */
function refuseExisting(stackFile: Parameters<typeof originOf>[0]): void {
  if (!takesExisting(originOf(stackFile))) return;
  throw new UserError(
    `${stackFile.file}: cluster.existing manages nothing of AWS; docs/existing-cluster.md says what its credentials read.`,
  );
}

function accountFor({ account }: Settings, given: string | undefined, file: string): string {
  const named = account.id ?? (account.roleArn === undefined ? undefined : accountOf(account.roleArn));
  if (named !== undefined && given !== undefined && named !== given) {
    throw new UserError(`--account: ${given}; ${file} belongs to ${named}. Leave the option out.`);
  }
  const accountId = named ?? given;
  if (accountId !== undefined) return accountId;
  throw new UserError(
    `${file}: names no account, and a policy names resources of one. Set account.id, or add --account 111122223333.`,
  );
}

function writePolicies(policies: Readonly<Record<string, PolicyDocument>>, folder: string, say: Say): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    throw new UserError(`--folder: cannot make the folder ${folder}.`);
  }
  for (const [name, policy] of Object.entries(policies)) {
    const file = join(folder, `${name}.json`);
    writeWhole("folder", file, `${JSON.stringify(policy, undefined, 2)}\n`);
    say(`${file}: ${sizeOf(policy)} of ${largestPolicy} characters`);
  }
}
