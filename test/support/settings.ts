import { withCniDefaults } from "../../components/checks/podNetwork.ts";
import { settingsSchema, type WrittenSettings } from "../../components/settings/schema.ts";
import type { Settings, Surroundings } from "../../components/settings/settings.ts";

type Change<T> = T extends readonly (infer E)[]
  ? readonly E[]
  : T extends object
    ? { readonly [K in keyof T]?: Change<T[K]> }
    : T;

/** What a test changes: the stack file's keys, and the region. */
export type SettingsChange = Change<WrittenSettings> & { readonly region?: string };

const written = { cluster: { publicAccessCidrs: ["198.18.0.0/15"] } };

/** Complete, sound settings but for the changes, which are merged into the stack file; lists are replaced. */
export function settings({ region = "eu-west-1", ...changes }: SettingsChange = {}): Settings {
  const parsed = settingsSchema.parse(withCniDefaults(merge(written, changes) as Record<string, unknown>));
  return {
    ...parsed,
    project: "calico-ebpf-eks",
    stack: "dev",
    region,
    profile: undefined,
    cluster: { ...parsed.cluster, name: parsed.cluster.name ?? "calico-ebpf-eks-dev" },
    nodePools: Object.fromEntries(
      Object.entries(parsed.nodePools).map(([name, pool]) => [
        name,
        {
          ...pool,
          instanceTypes: pool.instanceTypes ?? [pool.architecture === "arm64" ? "m7g.large" : "m7i.large"],
        },
      ]),
    ),
  };
}

/** Node pools with the AMI release that AWS names. */
export function released(
  pools: Settings["nodePools"],
  releases: Readonly<Record<string, string>> = {},
): Surroundings["pools"] {
  return Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => [
      name,
      { ...pool, amiRelease: releases[name] ?? "1.35.6-20260714" },
    ]),
  );
}

/** AWS's answers for a region with three zones that offer everything, except for the changes. */
export function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    accountId: "111122223333",
    caller: "arn:aws:sts::111122223333:assumed-role/deployer/session",
    partition: "aws",
    zones: [
      { name: "eu-west-1a", id: "euw1-az1" },
      { name: "eu-west-1b", id: "euw1-az2" },
      { name: "eu-west-1c", id: "euw1-az3" },
    ],
    offerings: { "eu-west-1a": ["m7i.large"], "eu-west-1b": ["m7i.large"], "eu-west-1c": ["m7i.large"] },
    pools: released(settings().nodePools),
    addonVersions: { coreDns: "v1.12.4-eksbuild.1", kubeProxy: "v1.35.0-eksbuild.2" },
    otherAddonVersions: {},
    existing: undefined,
    previous: undefined,
    crdsOfOperator: [],
    ...changes,
  };
}

function merge(base: unknown, change: unknown): unknown {
  if (!isMapping(base) || !isMapping(change)) return change;
  const changed = Object.entries(change).map(([key, value]) => [key, merge(base[key], value)]);
  return { ...base, ...Object.fromEntries(changed) };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
