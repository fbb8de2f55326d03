import { KubeConfig } from "@kubernetes/client-node";
import type { Environment } from "../shared/engine/environment.ts";

/** Replaces what was removed. */
const removed = "[removed]";

/** Formats of credentials, each with the part that is kept. */
const forms: readonly (readonly [form: RegExp, kept: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, removed],
  // A service account token: three parts, the first two of them JSON.
  [/\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g, removed],
  // A token of `aws eks get-token`.
  [/\bk8s-aws-v1\.[\w-]+/g, removed],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, removed],
  [/\bX-Amz-(Security-Token|Signature|Credential)=[^&\s"']+/gi, `X-Amz-$1=${removed}`],
  [/(\w+:\/\/[^\s:/@]+):[^\s/@]+@/g, `$1:${removed}@`],
  // A key named like a credential, with its value: in JSON, YAML, a shell or a log.
  [
    /((?:[\w.-]*(?:password|passwd|passphrase|secret_?(?:access_?)?key|access_?key|session_?token|api_?key|client-key-data|auth_?token|bearer_?token)|\b(?:token|secret))["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}"']+)/gi,
    `$1${removed}`,
  ],
];

/** Removes credentials from a text: known ones, and anything that looks like one. */
export function redactText(text: string, known: readonly string[] = []): string {
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, removed), text);
  return forms.reduce((rest, [form, kept]) => rest.replace(form, kept), without);
}

/** Environment variables whose values show how Calico is configured; of any other only the name is kept. */
const openVariable =
  /^(?:FELIX_(?!.*(?:KEY|CERT|PASSWORD|TOKEN))\w+|CALICO_\w+|DATASTORE_TYPE|KUBERNETES_SERVICE_(?:HOST|PORT)|NODENAME|NO_DEFAULT_POOLS|CLUSTER_TYPE|IP6?|IP_AUTODETECTION_METHOD|TYPHA_\w+)$/;

/** Contains the whole object once more, including values of variables. */
const copies = ["kubectl.kubernetes.io/last-applied-configuration"];

/** Removes from an API object what may be secret, and what only takes space. */
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

/** A shorter value would match in many places of every log. */
const leastLength = 8;

/** Every credential that this command itself received: none of them may be in its output. */
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
