import type { z } from "zod";
import { lookUp, nearest } from "../values/lookUp.ts";
import { isSupported, partitionOf, partitions, supportedPartitions } from "../values/partition.ts";
import { alternatives, type Found, type Problem } from "../values/problem.ts";
import { shown } from "./formProblems.ts";
import { settingsSchema } from "./schema.ts";

/**
 * Namespace of the settings in a stack's configuration. Fixed: it stays when a copy of the project has another name.
 */
export const settingsNamespace = "calico-ebpf-eks";

/** Settings of this program that replace a key of the aws namespace. */
const ownSettings: Readonly<Record<string, string>> = {
  "aws:assumeRole": "account.roleArn",
  "aws:assumeRoles": "account.roleArn",
  "aws:allowedAccountIds": "account.id",
};

type Config = Readonly<Record<string, string>>;

/** Keys of the aws namespace that the program reads; any other would be ignored, so it is refused. */
const awsKeys = ["region", "profile"] as const;

/** A stack's configuration in the namespace of the settings, by key. */
export function writtenSettings({
  config,
  project,
}: {
  readonly config: Config;
  readonly project: string;
}): Record<string, unknown> {
  const ours = Object.entries(config).flatMap(([full, text]) => {
    const { namespace, key } = parts(full, project);
    return namespace === settingsNamespace ? [[key, settingValue(key, text)] as const] : [];
  });
  // An empty mapping means unset: the Pulumi.yaml of an earlier release has one for every key.
  const said = ours.filter(
    ([key, value]) => JSON.stringify(value) !== "{}" || !Object.hasOwn(settingsSchema.shape, key),
  );
  // The one key without a default is reported by its missing parts.
  return { cluster: {}, ...Object.fromEntries(said) };
}

/** A setting that is true or false by itself has no more than its text. */
function settingValue(key: string, text: string): unknown {
  const schema: z.ZodType | undefined = lookUp(settingsSchema.shape, key);
  return /^(true|false)$/.test(text) && schema?.safeParse(true).success ? text === "true" : fromText(text);
}

/** The region, or "" when none is named. */
export function regionOf(config: Config): string {
  const region = config["aws:region"] ?? "";
  return /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region) ? region : "";
}

/** Problems of keys in other namespaces than the settings'. */
export function foreignProblems(
  { config, project }: { readonly config: Config; readonly project: string },
  /** Whether the stack can do without a region. */
  region: "needed" | "optional" = "needed",
): Problem[] {
  const needsRegion = region === "needed" || config["aws:region"] !== undefined;
  return [...awsProblems(config, needsRegion), ...strayProblems(config, project), ...twice(config, project)];
}

/** `calico-ebpf-eks:network` has both parts; a key without namespace is in the project's, as in Pulumi. */
function parts(full: string, project: string): { namespace: string; key: string } {
  const colon = full.indexOf(":");
  return colon < 0
    ? { namespace: project, key: full }
    : { namespace: full.slice(0, colon), key: full.slice(colon + 1) };
}

/** Lists and mappings arrive as JSON, and null as an empty string; a boolean, like every other value, as a plain string. */
function fromText(text: string): unknown {
  if (text === "" || text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function awsProblems(config: Config, needsRegion: boolean): Problem[] {
  const known: readonly string[] = awsKeys.map((key) => `aws:${key}`);
  const unset = known.filter((key) => config[key] === undefined);
  const unknown = Object.keys(config).filter((key) => key.startsWith("aws:") && !known.includes(key));
  const meant = unknown.map((key) => nearest(key, unset));
  return [
    meant.includes("aws:region") || !needsRegion ? [] : regionProblems(config),
    profileProblems(config),
    unknown.map((path, index) => ({
      path,
      found: "this program does not read it",
      needs: `of the aws settings it reads ${known.join(" and ")}`,
      fix: foreignFix(path, meant[index]),
    })),
  ].flat();
}

function foreignFix(path: string, meant: string | undefined): string {
  const own = lookUp(ownSettings, path);
  if (own !== undefined) return `Set ${own} instead`;
  return meant === undefined
    ? "Remove it: credentials come from the environment or aws:profile, tags from the setting tags"
    : `Write ${meant}, or remove it`;
}

function regionProblems(config: Config): Found {
  const region = regionOf(config);
  const partition = partitionOf(region);
  if (!isSupported(partition)) {
    return {
      path: "aws:region",
      found: `${region} is in the partition ${partition}`,
      needs: `its service names end in ${partitions[partition].domain}, which this program does not support`,
      fix: `Choose a region in ${alternatives(supportedPartitions)}`,
    };
  }
  if (region !== "") return [];
  return {
    path: "aws:region",
    found: isNothing(config["aws:region"]) ? "not set" : shown(config["aws:region"]),
    needs: "must be the name of an AWS region",
    fix: "Write it like eu-west-1",
  };
}

function profileProblems(config: Config): Found {
  const profile = config["aws:profile"];
  if (profile === undefined || !isNothing(profile)) return [];
  return {
    path: "aws:profile",
    found: "not set",
    needs: "must be the name of a profile",
    fix: "Set it, or remove it",
  };
}

function isNothing(text: string | undefined): boolean {
  return text === undefined || text === "" || text === "null";
}

/** Keys of namespaces that neither the program nor the engine reads. */
function strayProblems(config: Config, project: string): Problem[] {
  return Object.keys(config).flatMap((full) => {
    const { namespace, key } = parts(full, project);
    if ([settingsNamespace, "aws", "pulumi"].includes(namespace)) return [];
    const isNear =
      namespace === project ||
      settingsNamespace.startsWith(namespace) ||
      nearest(namespace, [settingsNamespace]) !== undefined;
    const isOurs = isNear || Object.hasOwn(settingsSchema.shape, key);
    return {
      path: full,
      found: `the namespace is ${namespace}`,
      needs: `this program reads its settings from ${settingsNamespace}`,
      fix: isOurs ? `Write ${settingsNamespace}:${key}` : "Remove it",
    };
  });
}

/** Both forms of one key, of which only one can be used. */
function twice(config: Config, project: string): Problem[] {
  return Object.keys(config)
    .filter((key) => !key.includes(":") && config[`${project}:${key}`] !== undefined)
    .map((path) => ({
      path,
      found: "it is listed twice",
      needs: `${project}:${path} is the same setting`,
      fix: "Remove one",
    }));
}
