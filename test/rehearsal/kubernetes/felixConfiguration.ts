import type { ApiServer } from "./apiServer.ts";
import { at, type KubernetesObject } from "./object.ts";

/** Field manager of the operator. */
export const operatorManager = "operator";

export const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";

/** What the operator fills in, each only where nothing is said. */
const defaults = { healthPort: 9099, vxlanPort: 4789, vxlanVNI: 4096 };

/** What it always sets (tigera/operator pkg/controller/installation/core_controller.go, setNftablesMode). */
const nftablesModes: Readonly<Record<string, string>> = { BPF: "Enabled", Nftables: "Auto" };

/** Holds the value of bpfEnabled that the operator wrote last; how it sees that someone else changed the field. */
const bpfAnnotation = "operator.tigera.io/bpfEnabled";

/** What the operator says when bpfEnabled was set by someone else. */
export const bpfRefusal =
  'unable to set bpfEnabled: FelixConfiguration "default" has been modified by someone else, refusing to override potential user configuration';

/** Makes FelixConfiguration if there is none, and fills in what is not said. */
export function fillFelixConfiguration(api: ApiServer, dataplane: unknown): void {
  if (api.get(felixKey) === undefined) api.create(empty, operatorManager);
  const present = api.get(felixKey);
  const missing = Object.entries(defaults).filter(([field]) => at(present, `spec.${field}`) === undefined);
  const nftablesMode = nftablesModes[String(dataplane)] ?? "Disabled";
  api.merge(felixKey, { spec: { ...Object.fromEntries(missing), nftablesMode } }, operatorManager);
}

const empty: KubernetesObject = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
};

export function bpfEnabled(api: ApiServer): unknown {
  return at(api.get(felixKey), "spec.bpfEnabled");
}

/** Sets bpfEnabled, unless someone else did. Returns whether it did. */
export function setBpfEnabled(api: ApiServer, enabled: boolean): boolean {
  const value = bpfEnabled(api);
  const noted = api.get(felixKey)?.metadata.annotations?.[bpfAnnotation];
  if (noted !== (value === undefined ? undefined : String(value))) return false;
  const annotations = { [bpfAnnotation]: String(enabled) };
  api.merge(felixKey, { metadata: { annotations }, spec: { bpfEnabled: enabled } }, operatorManager);
  return true;
}
