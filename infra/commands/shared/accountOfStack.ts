import { accountOf } from "../../../components/checks/account.ts";
import type { Settings } from "../../../components/settings/settings.ts";

/** The account that a stack file names, by its number or in an ARN; undefined: none. */
export function accountOfStack({ account, iam }: Pick<Settings, "account" | "iam">): string | undefined {
  const named = [account.id, accountOf(account.roleArn ?? ""), accountOf(iam.permissionsBoundary ?? "")];
  return named.find((one) => one !== undefined && /^\d{12}$/.test(one));
}
