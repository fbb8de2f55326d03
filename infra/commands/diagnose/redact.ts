import { KubeConfig } from "@kubernetes/client-node";
import type { Environment } from "../shared/engine/environment.ts";

/** Stands where something was taken out. */
const removed = "[removed]";

/** Forms of credentials, each with what is kept of it. */
const forms: readonly (readonly [form: RegExp, kept: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, removed],
  // Of an account that a pod or a kubeconfig has: three parts, the first two of them JSON.
  [/\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g, removed],
  // What `aws eks get-token` gives.
  [/\bk8s-aws-v1\.[\w-]+/g, removed],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, removed],
  [/\bX-Amz-(Security-Token|Signature|Credential)=[^&\s"']+/gi, `X-Amz-$1=${removed}`],
  [/(\w+:\/\/[^\s:/@]+):[^\s/@]+@/g, `$1:${removed}@`],
  // A key that says so itself, with its value: JSON, YAML, a shell's or a log's.
  [
    /((?:[\w.-]*(?:password|passwd|passphrase|secret_?(?:access_?)?key|access_?key|session_?token|api_?key|client-key-data|auth_?token|bearer_?token)|\b(?:token|secret))["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}"']+)/gi,
    `$1${removed}`,
  ],
];

/** Takes credentials out of a text: those that are known, and whatever looks like one. */
export function redactText(text: string, known: readonly string[] = []): string {
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, removed), text);
  return forms.reduce((rest, [form, kept]) => rest.replace(form, kept), without);
}

/** Variables of containers whose values tell how Calico is set up; of any other only the name is kept. */
const openVariable =
  /^(?:FELIX_(?!.*(?:KEY|CERT|PASSWORD|TOKEN))\w+|CALICO_\w+|DATASTORE_TYPE|KUBERNETES_SERVICE_(?:HOST|PORT)|NODENAME|NO_DEFAULT_POOLS|CLUSTER_TYPE|IP6?|IP_AUTODETECTION_METHOD|TYPHA_\w+)$/;

/** Holds the whole object once more, values of variables included. */
const copies = ["kubectl.kubernetes.io/last-applied-configuration"];

/** Takes out of an object of the API what may be secret, and what only takes space. */
export function redactObject(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactObject);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]): [string, unknown][] => {
      if (field === "managedFields" || copies.includes(field)) return [];
      if (field === "env" && Array.isArray(inner)) return [[field, inner.map(variable)]];
      return [[field, redactObject(inner)]];
    }),
  );
}

function variable(one: { readonly name?: string; readonly value?: unknown }): unknown {
  if (one.value === undefined || openVariable.test(one.name ?? "")) return one;
  return { ...one, value: removed };
}

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
