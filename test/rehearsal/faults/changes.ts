import type { Settings } from "../../../components/settings/settings.ts";

interface Configured {
  readonly settings: Settings;
  /** The stack file's `config:` mapping. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A stack file after which nearly every resource is updated: AWS's have tags, and Calico forwards packets differently. */
export function changedConfig(of: Configured): Configured["config"] {
  const { dataplane, externalService } = of.settings.calico;
  const other = externalService === "DSR" ? "Tunnel" : "DSR";
  const retagged = merged(of, "tags", { rehearsal: "updated" });
  if (dataplane !== "BPF") return retagged;
  return merged({ ...of, config: retagged }, "calico", { externalService: other });
}

/** A stack file without deletion protection, which must be off before a destroy. */
export function unprotectedConfig(of: Configured): Configured["config"] {
  return merged(of, "cluster", { deletionProtection: false });
}

function merged({ settings, config }: Configured, name: string, change: object): Configured["config"] {
  const key = `${settings.project}:${name}`;
  return { ...config, [key]: { ...(config[key] as object | undefined), ...change } };
}
