import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { accountOf } from "../../../components/checks/account.ts";
import { takesExisting } from "../../../components/checks/existing/readSettings.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { argumentError, readArguments, type Surroundings } from "../shared/arguments.ts";
import { UserError } from "../shared/errors.ts";
import { writeWhole } from "../shared/outputFile.ts";
import { readStackFile } from "../shared/stackFile.ts";
import { configTexts, originOf, stackSettings } from "../shared/stackSettings.ts";
import { registration } from "../stacks/registration.ts";
import { accesses } from "./facts/scopes.ts";
import { iamCommand } from "./options.ts";
import { largestPolicy, type PolicyDocument, sizeOf } from "./policies.ts";
import { stackPolicies } from "./stackPolicies.ts";

type Say = (text: string) => void;

/** In an ARN: any account. An identity policy grants nothing beyond what the identity's own account allows. */
const anyAccount = "*";

/**
 * `npm run iam`.
 * @returns the exit code
 * @throws UserError when the arguments or the stack file are wrong
 */
export async function printPolicies(
  argv: readonly string[],
  { root, say, complain }: Pick<Surroundings, "root" | "say" | "complain">,
): Promise<number> {
  const { given, problems } = readArguments(iamCommand.options, argv);
  const account = given.get("account");
  const malformed =
    account !== undefined && !/^\d{12}$/.test(account)
      ? [`--account: "${account}" must be an account ID of twelve digits: --account 111122223333`]
      : [];
  if (problems.length + malformed.length > 0) throw argumentError(iamCommand, [...problems, ...malformed]);

  const file = given.get("stack-file");
  const stackFile = readStackFile(
    file === undefined ? { stack: given.get("stack") ?? "dev" } : { file },
    root,
  );
  refuseExisting(stackFile);
  const settings = stackSettings(stackFile);
  const accountId = accountFor(settings, account, stackFile.file) ?? anyAccount;
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
  if (accountId === anyAccount) {
    complain(
      `${stackFile.file} names no account, so the policies use * instead. To narrow them, set account.id or add --account 111122223333.`,
    );
  }
  return 0;
}

/** In an existing cluster, only its objects are managed. */
function refuseExisting(stackFile: Parameters<typeof originOf>[0]): void {
  if (!takesExisting(originOf(stackFile))) return;
  throw new UserError(
    `${stackFile.file}: with cluster.existing no AWS resources are managed; docs/existing-cluster.md lists what its credentials read.`,
  );
}

function accountFor({ account }: Settings, given: string | undefined, file: string): string | undefined {
  const named = account.id ?? (account.roleArn === undefined ? undefined : accountOf(account.roleArn));
  if (named !== undefined && given !== undefined && named !== given) {
    throw new UserError(`--account: ${given}; ${file} belongs to ${named}. Omit the option.`);
  }
  return named ?? given;
}

function writePolicies(policies: Readonly<Record<string, PolicyDocument>>, folder: string, say: Say): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new UserError(`--folder: cannot create the directory ${folder} (${code}).`);
  }
  for (const [name, policy] of Object.entries(policies)) {
    const file = join(folder, `${name}.json`);
    writeWhole("folder", file, `${JSON.stringify(policy, undefined, 2)}\n`);
    say(`${file}: ${sizeOf(policy)} of ${largestPolicy} characters`);
  }
}
