import { KubeConfig } from "@kubernetes/client-node";
import type { Environment } from "../../shared/engine/environment.ts";

/** Variables whose values are credentials. */
const secretVariables = /(?:SECRET|TOKEN|PASSWORD|PASSPHRASE|ACCESS_KEY)/;

/** A shorter value would be found in half of every log. */
const leastLength = 8;

/** Every credential that this command itself was given: none of them may be in what it writes. */
export function knownSecrets(kubeconfig: string, env: Environment): string[] {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const ofUsers = config
    .getUsers()
    .flatMap(({ token, password, keyData, certData }) => [token, password, keyData, certData]);
  const ofEnvironment = Object.entries(env).flatMap(([name, value]) =>
    secretVariables.test(name) ? [value] : [],
  );
  const all = [...ofUsers, ...ofEnvironment].flatMap((one) =>
    one && one.length >= leastLength ? [one] : [],
  );
  return [...new Set(all)].toSorted((a, b) => b.length - a.length);
}
