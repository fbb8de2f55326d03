import { Buffer } from "node:buffer";
import {
  bottlerocketTables,
  mostUserDataBytes,
  nodeConfigFields,
  ownedBottlerocketSettings,
  ownedContainerdFields,
  ownedKubeletFields,
} from "../facts/nodes.ts";
import { nameFix } from "../settings/formProblems.ts";
import { pathText } from "../settings/paths.ts";
import type { NodePoolSettings } from "../settings/settings.ts";
import { nodeUserData } from "../specs/nodeGroup.ts";
import { lookUp, nearest } from "../values/lookUp.ts";
import { type Found, listed, type Problem } from "../values/problem.ts";
import { isTomlValue } from "../values/toml.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** Rules on the further user data of a pool: its form, and what our own user data, EKS or Calico set. */
export function nodeUserDataProblems(name: string, pool: NodePoolSettings): Found {
  const { family, userData } = pool;
  if (userData === undefined) return [];
  const at = ["nodePools", name, "userData"];
  const problems =
    family === "Bottlerocket" ? bottlerocketProblems(at, userData) : nodeConfigProblems(at, userData);
  return problems.length > 0 ? problems : tooLong(pathText(at), pool);
}

function tooLong(path: string, pool: NodePoolSettings): Found {
  const bytes = Buffer.byteLength(nodeUserData(pool));
  if (bytes <= mostUserDataBytes) return [];
  return {
    path,
    found: `the user data has ${bytes} bytes`,
    needs: `EC2 allows ${mostUserDataBytes}, and EKS adds its own`,
    fix: "Shorten it",
  };
}

function nodeConfigProblems(at: readonly string[], spec: Mapping): Problem[] {
  return Object.entries(spec).flatMap(([part, value]) => {
    const path = pathText([...at, part]);
    if (part === "cluster") return [owned(path, "is set by EKS")];
    const fields: readonly string[] | undefined = lookUp(nodeConfigFields, part);
    if (fields === undefined)
      return [unknown(path, part, "a NodeConfig's spec", Object.keys(nodeConfigFields))];
    if (!isMapping(value)) return [mustBe(path, value, "a mapping")];
    return [
      ...Object.keys(value)
        .filter((field) => !fields.includes(field))
        .map((field) => unknown(pathText([...at, part, field]), field, `${part} of a NodeConfig`, fields)),
      ...partProblems([...at, part], part, value),
    ];
  });
}

function partProblems(at: readonly string[], part: string, value: Mapping): Problem[] {
  switch (part) {
    case "kubelet":
      return kubeletProblems(at, value);
    case "containerd":
      return containerdProblems(at, value);
    case "featureGates":
      return featureProblems(at, value);
    default:
      return [];
  }
}

function kubeletProblems(at: readonly string[], { config, flags, maxPodsExpression }: Mapping): Problem[] {
  return [
    ...(maxPodsExpression === undefined
      ? []
      : [owned(pathText([...at, "maxPodsExpression"]), ownedKubeletFields.maxPods)]),
    ...kubeletConfigProblems([...at, "config"], config),
    ...flagProblems([...at, "flags"], flags),
  ];
}

function kubeletConfigProblems(at: readonly string[], config: unknown): Problem[] {
  if (config === undefined) return [];
  if (!isMapping(config)) return [mustBe(pathText(at), config, "a mapping")];
  return Object.keys(config).flatMap((field) => {
    const owner = lookUp(ownedKubeletFields, field);
    return owner === undefined ? [] : [owned(pathText([...at, field]), owner)];
  });
}

/** clusterDNS is cluster-dns, clientCAFile is client-ca-file. */
const kubeletFlags = new Map(
  Object.entries(ownedKubeletFields).map(([field, owner]) => [
    field.replace(/[A-Z]+(?![a-z])|[A-Z]/g, (letters) => `-${letters.toLowerCase()}`),
    owner,
  ]),
);

function flagProblems(at: readonly string[], flags: unknown): Problem[] {
  if (flags === undefined) return [];
  if (!Array.isArray(flags)) return [mustBe(pathText(at), flags, "a list")];
  return flags.flatMap((flag, index) => {
    const path = `${pathText(at)}[${index}]`;
    const [, name = ""] = /^--([a-z][a-z0-9-]*)(?:=.*)?$/.exec(String(flag)) ?? [];
    if (name === "") return [mustBe(path, flag, "a flag such as --image-gc-high-threshold=80")];
    const owner = kubeletFlags.get(name);
    return owner === undefined ? [] : [owned(path, owner)];
  });
}

/** The configuration is TOML in a text; a name that Calico depends on is refused wherever it stands. */
function containerdProblems(at: readonly string[], { config }: Mapping): Problem[] {
  if (config === undefined) return [];
  const path = pathText([...at, "config"]);
  if (typeof config !== "string") return [mustBe(path, config, "a string in TOML")];
  return ownedContainerdFields
    .filter((field) => new RegExp(`^\\s*"?${field}"?\\s*=`, "m").test(config))
    .map((field) => ({
      path,
      found: `it sets ${field}`,
      needs: "that is where Calico installs its CNI plugin",
      fix: "Remove it",
    }));
}

function featureProblems(at: readonly string[], gates: Mapping): Problem[] {
  return Object.entries(gates).flatMap(([name, value]) => {
    const path = pathText([...at, name]);
    if (typeof value !== "boolean") return [mustBe(path, value, "true or false")];
    if (name !== "InstanceIdNodeName" || !value) return [];
    return {
      path,
      found: "it names nodes by their instance",
      needs: "EKS admits the nodes of a managed node group by their private DNS name",
      fix: "Remove it",
    };
  });
}

function bottlerocketProblems(at: readonly string[], settings: Mapping): Problem[] {
  return Object.entries(settings).flatMap(([table, value]) => {
    const path = [...at, table];
    if (!bottlerocketTables.some((one) => one === table)) {
      return [unknown(pathText(path), table, "Bottlerocket's settings", bottlerocketTables)];
    }
    if (!isTomlValue(value))
      return [mustBe(pathText(path), value, "free of null, which TOML does not support")];
    if (table !== "motd" && !isMapping(value)) return [mustBe(pathText(path), value, "a mapping")];
    return [...ownedIn(at, [table], value), ...kernelProblems(path, table, value)];
  });
}

function ownedIn(at: readonly string[], path: readonly string[], value: unknown): Problem[] {
  const owner = lookUp(ownedBottlerocketSettings, path.join("."));
  if (owner !== undefined) return [owned(pathText([...at, ...path]), owner)];
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => ownedIn(at, [...path, name], inner));
}

/** In the confidentiality mode no eBPF program reads the kernel's memory; values of sysctl are strings. */
function kernelProblems(at: readonly string[], table: string, value: unknown): Problem[] {
  if (table !== "kernel" || !isMapping(value)) return [];
  const { lockdown, sysctl } = value;
  return [
    lockdown === "confidentiality"
      ? {
          path: pathText([...at, "lockdown"]),
          found: "the mode is confidentiality",
          needs: "the kernel then refuses the eBPF programs of Calico",
          fix: "Write integrity, or remove it",
        }
      : [],
    Object.entries(isMapping(sysctl) ? sysctl : {}).flatMap(([name, one]) => {
      const path = pathText([...at, "sysctl", name]);
      if (typeof one !== "string") return mustBe(path, one, "a string");
      const isOff = name === "net.ipv4.ip_forward" && one === "0";
      return isOff ? owned(path, "is 1: a node forwards its pods' packets") : [];
    }),
  ].flat();
}

function unknown(path: string, name: string, where: string, known: readonly string[]): Problem {
  const meant = nearest(name, known);
  return {
    path,
    found: "unknown setting",
    needs: `${where} has ${listed(known)}`,
    fix: nameFix(meant),
  };
}

function owned(path: string, owner: string): Problem {
  return { path, found: "it cannot be set here", needs: `it ${owner}`, fix: "Remove it" };
}

function mustBe(path: string, value: unknown, what: string): Problem {
  return {
    path,
    found: `it is ${JSON.stringify(value) ?? "not set"}`,
    needs: `must be ${what}`,
    fix: "Change it",
  };
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
