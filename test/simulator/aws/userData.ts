import { Buffer } from "node:buffer";
import { parse } from "yaml";
import type { Instance } from "../world/instance.ts";

/** The parts of a MIME multipart document, header and body; undefined for anything else. */
function mimeParts(document: string): { contentType: string; body: string }[] | undefined {
  const [, boundary] = /^Content-Type: *multipart\/mixed; *boundary="?([^"\r\n]+)"?/im.exec(document) ?? [];
  if (boundary === undefined || !/^MIME-Version: 1\.0/im.test(document)) return undefined;
  const [, ...parts] = document.replaceAll("\r\n", "\n").split(`--${boundary}`);
  if (parts.at(-1)?.trim() !== "--") return undefined;
  return parts.slice(0, -1).map((part) => {
    const [header = "", ...body] = part.trimStart().split("\n\n");
    return { contentType: /^Content-Type: *([^;\s]+)/im.exec(header)?.[1] ?? "", body: body.join("\n\n") };
  });
}

/** Parts of a NodeConfig's spec (awslabs/amazon-eks-ami nodeadm/api/v1alpha1/nodeconfig_types.go). */
const specFields = ["cluster", "containerd", "instance", "kubelet", "featureGates"];

function isNodeConfig(body: string): boolean {
  try {
    const { apiVersion, kind, spec } = parse(body) ?? {};
    return (
      apiVersion === "node.eks.aws/v1alpha1" &&
      kind === "NodeConfig" &&
      Object.keys(spec ?? {}).every((field) => specFields.includes(field))
    );
  } catch {
    return false;
  }
}

/** A TOML key, dotted or not. */
const key = String.raw`(?:[\w-]+|"[^"]*")(?:\.(?:[\w-]+|"[^"]*"))*`;
const tomlLine = new RegExp(String.raw`^(?:\[${key}\]|\[\[${key}\]\]|${key}\s*=\s*\S.*)$`);

/** Whether every line is one of TOML's ordinary ones, and the first one opens a table of settings. */
function isSettingsToml(document: string): boolean {
  const lines = document.split("\n").map((line) => line.trim());
  const meaningful = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return (
    /^\[?\[?settings\b/.test(meaningful[0] ?? "settings") &&
    meaningful.every((line) => tomlLine.test(line)) &&
    !repeatsTable(meaningful)
  );
}

/** Most bytes of user data before base64 (EC2 user guide, user-data). */
const mostBytes = 16_384;

/** Why EC2 refuses a launch template's user data, which is base64; undefined when it does not. */
export function refusesEncoding(userData: string): string | undefined {
  const bytes = Buffer.from(userData, "base64");
  if (bytes.toString("base64") !== userData) {
    return "InvalidUserData.Malformed: Invalid BASE64 encoding of user data.";
  }
  return bytes.length > mostBytes
    ? `InvalidUserData.Malformed: User data is limited to ${mostBytes} bytes`
    : undefined;
}

/** Whether a table of TOML is opened twice, which no TOML parser takes. */
function repeatsTable(lines: readonly string[]): boolean {
  const headers = lines.filter((line) => /^\[[^[]/.test(line));
  return new Set(headers).size < headers.length;
}

/** Why EKS refuses a launch template's user data for nodes of a family; undefined when it does not. */
export function refusesUserData(userData: string, family: Instance["family"]): string | undefined {
  if (userData === "") return undefined;
  const document = Buffer.from(userData, "base64").toString();
  if (family === "Bottlerocket") {
    return isSettingsToml(document)
      ? undefined
      : "Ec2LaunchTemplateInvalidConfiguration: User data was not in the TOML format.";
  }
  return mimeParts(document) === undefined
    ? "Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format."
    : undefined;
}

/** Whether nodeadm can read what is meant for it; if not, the node never joins. */
export function isUnderstoodByNode(userData: string): boolean {
  const parts = mimeParts(Buffer.from(userData, "base64").toString()) ?? [];
  return parts
    .filter(({ contentType }) => contentType === "application/node.eks.aws")
    .every(({ body }) => isNodeConfig(body));
}
