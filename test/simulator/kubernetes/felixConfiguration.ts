import type { Values } from "../protocol/provider.ts";
import type { ApiServer } from "./apiServer.ts";
import { at, type KubernetesObject } from "./object.ts";

/** Field manager of the operator. */
export const operatorManager = "operator";

export const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";

/** What the operator fills in, each only where nothing is said. */
const defaults = { healthPort: 9099, vxlanPort: 4789, vxlanVNI: 4096 };

/** So that its route tables are not those of the VPC CNI. */
const withVpcCni = { routeTableRange: { min: 65, max: 99 } };

/** What it always sets (tigera/operator pkg/controller/installation/core_controller.go, setNftablesMode). */
const nftablesModes: Readonly<Record<string, string>> = { BPF: "Enabled", Nftables: "Auto" };

/** Holds the value of bpfEnabled that the operator wrote last; how it sees that someone else changed the field. */
const bpfAnnotation = "operator.tigera.io/bpfEnabled";

/** What the operator says when bpfEnabled was set by someone else. */
export const bpfRefusal =
  'unable to set bpfEnabled: FelixConfiguration "default" has been modified by someone else, refusing to override potential user configuration';

/** Makes FelixConfiguration if there is none, and fills in what is not said. */
export function fillFelixConfiguration(api: ApiServer, dataplane: unknown, cni: string): void {
  if (api.get(felixKey) === undefined) api.create(empty, operatorManager);
  api.merge(felixKey, { spec: felixFillings(api.get(felixKey), dataplane, cni) }, operatorManager);
}

/** What the operator writes into the spec of FelixConfiguration, besides bpfEnabled. */
function felixFillings(present: KubernetesObject | undefined, dataplane: unknown, cni: string): Values {
  const filled = cni === "AmazonVPC" ? { ...defaults, ...withVpcCni } : defaults;
  const missing = Object.entries(filled).filter(([field]) => at(present, `spec.${field}`) === undefined);
  const nftablesMode = nftablesModes[String(dataplane)] ?? "Disabled";
  return { ...Object.fromEntries(missing), nftablesMode };
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
  const patch = bpfPatch(api.get(felixKey), enabled);
  if (patch !== undefined) api.merge(felixKey, patch, operatorManager);
  return patch !== undefined;
}

/** What sets bpfEnabled; undefined: another client has set it, and the operator refuses. */
function bpfPatch(felix: KubernetesObject | undefined, enabled: boolean): Values | undefined {
  const value = at(felix, "spec.bpfEnabled");
  const noted = felix?.metadata.annotations?.[bpfAnnotation];
  if (noted !== (value === undefined ? undefined : String(value))) return undefined;
  return { metadata: { annotations: { [bpfAnnotation]: String(enabled) } }, spec: { bpfEnabled: enabled } };
}
