/** Stands where something was taken out. */
export const removed = "[removed]";

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
