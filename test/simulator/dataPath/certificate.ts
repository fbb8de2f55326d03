import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./command.ts";

/** A certificate that stands for itself, with its key. */
export interface Certificate {
  /** In PEM. */
  readonly certificate: string;
  /** In PEM. */
  readonly key: string;
}

/**
 * Makes a certificate for the API server and the endpoints of AWS, in the files that the API server looks for.
 * @param folder its `--cert-dir`
 */
export async function makeCertificate(
  folder: string,
  { names, ips }: { readonly names: readonly string[]; readonly ips: readonly string[] },
): Promise<Certificate> {
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = ["apiserver.key", "apiserver.crt"].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const alternatives = [...names.map((name) => `DNS:${name}`), ...ips.map((ip) => `IP:${ip}`)].join(",");
  await must([
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"],
    ...["-days", "3", "-subj", "/CN=lab", "-addext", `subjectAltName=${alternatives}`],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-keyout", key, "-out", certificate],
  ]);
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}
