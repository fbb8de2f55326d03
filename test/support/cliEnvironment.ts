import { join } from "node:path";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";

/** Environment of a Pulumi CLI whose backend and home are in a test's own folder. */
export const cliEnvironment = (folder: string) => ({
  ...ownEnvironment(),
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "test",
  PULUMI_SKIP_UPDATE_CHECK: "true",
});
