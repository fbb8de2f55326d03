import { isDeepStrictEqual } from "node:util";
import type { Check, Finding, Live } from "../check.ts";
import {
  type CalicoObject,
  felixConfigurations,
  installation,
  type ManagedFields,
} from "../reading/calico.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A field that kubectl wrote. */
interface KubectlField {
  /** `spec.wireguardEnabled` */
  readonly path: string;
  /** Field manager, as in `metadata.managedFields`. */
  readonly manager: string;
}

/** Field managers whose fields pulumi-kubernetes takes over at an update (provider/pkg/await/await.go, fixCSAFieldManagers). */
const takenOver = /^(kubectl|before-first-apply)/;

/** Fields of the spec that kubectl wrote and that the stack does not set: the next update of the object removes them. */
export function kubectlFields(wanted: Fields, { metadata }: CalicoObject): KubectlField[] {
  const entries = metadata.managedFields ?? [];
  return entries
    .filter(({ manager, subresource }) => takenOver.test(manager ?? "") && !subresource)
    .flatMap(({ manager = "", fieldsV1 }) =>
      unwanted(fieldsOf(fieldsV1, "f:spec"), wanted, "spec").map((path) => ({ path, manager })),
    );
}

function unwanted(fields: Fields, wanted: Fields, path: string): string[] {
  return Object.keys(fields)
    .filter((key) => key.startsWith("f:"))
    .flatMap((key) => {
      const name = key.slice(2);
      const [inner, value] = [fieldsOf(fields, key), wanted[name]];
      const isLeaf = Object.keys(inner).every((one) => !one.startsWith("f:"));
      if (isLeaf || !isFields(value)) return value === undefined ? [`${path}.${name}`] : [];
      return unwanted(inner, value, `${path}.${name}`);
    });
}

function fieldsOf(fields: ManagedFields["fieldsV1"], key: string): Fields {
  const inner = isFields(fields) ? fields[key] : undefined;
  return isFields(inner) ? inner : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field with another value than expected. */
interface Drift {
  /** `spec.calicoNetwork.mtu` */
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/**
 * Every expected field with a different value, down to the deepest field that differs. Fields that the stack
 * does not set are left alone: others write to these objects, too. Lists are compared as a whole.
 */
export function driftOf(wanted: Fields, found: Fields, path = "spec"): Drift[] {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const present = found[field];
    const where = `${path}.${field}`;
    if (isFields(value) && isFields(present)) return driftOf(value, present, where);
    return isDeepStrictEqual(value, present) ? [] : [{ path: where, found: present, wanted: value }];
  });
}

/** `spec.bpfExternalServiceMode is "Tunnel", the stack says "DSR"` */
export function driftText({ path, found, wanted }: Drift): string {
  const shown = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
  return `${path} is ${shown(found)}, the stack says ${shown(wanted)}`;
}

type Spec = Readonly<Record<string, unknown>>;

const meaning = "It was changed since the last pulumi up. Restoring it may restart calico-node.";
const cure =
  "Run npx pulumi up --refresh, which restores it; or put the change into the stack file first. For bpfEnabled, run the command in the finding.";

/** Whether the Installation matches the stack. */
export const installationDrift: Check = {
  name: "installation",
  title: "Installation default matches the stack",
  source: "components/specs/calico.ts",
  meaning,
  cure,
  needs: ["read"],
  appliesTo: ({ target }) => says(target.expected?.installation),
  async run(live) {
    const found = await installation(live);
    if (found === undefined) return [{ verdict: "failed", evidence: "there is no Installation default" }];
    return drifts("Installation default", live.target.expected?.installation ?? {}, found);
  },
};

/** Whether FelixConfiguration matches the stack, and the operator's field matches the Installation. */
export const felixDrift: Check = {
  name: "felix-configuration",
  title: "FelixConfiguration matches the stack, on every node",
  source: "components/specs/calico.ts; tigera/operator pkg/controller/installation/bpf.go",
  meaning,
  cure,
  needs: ["read"],
  appliesTo: ({ target }) => says(target.expected?.felixConfiguration),
  async run(live) {
    const all = (await felixConfigurations(live)) ?? [];
    const found = all.find(({ metadata: { name } }) => name === "default");
    if (found === undefined)
      return [{ verdict: "failed", evidence: "there is no FelixConfiguration default" }];
    const wanted = felixSpec(live);
    const others = all.filter((one) => one !== found);
    return [
      ...drifts("FelixConfiguration default", wanted, found),
      ...others.flatMap((one) => overruled(wanted, one)),
    ];
  },
};

/** The operator sets bpfEnabled by the Installation. */
function felixSpec({ target: { expected } }: Live): Spec {
  const { dataplane, felixConfiguration } = expected ?? {};
  return { ...felixConfiguration, ...(dataplane === undefined ? {} : { bpfEnabled: dataplane === "BPF" }) };
}

function says(spec: Spec | undefined): string | true {
  return spec !== undefined || "no stack is given to compare with";
}

function drifts(object: string, wanted: Spec, live: CalicoObject): Finding[] {
  const failed = (evidence: string): Finding => ({ verdict: "failed", evidence: `${object}: ${evidence}` });
  const found = [
    ...driftOf(wanted, live.spec ?? {}).map((drift) => failed(`${driftText(drift)}${cureOf(drift)}`)),
    ...kubectlFields(wanted, live).map(({ path, manager }) =>
      failed(
        `${path} was set by ${manager}; the stack's next change to this object removes it without notice`,
      ),
    ),
  ];
  return found.length === 0 ? [{ verdict: "passed", evidence: `${object} matches the stack` }] : found;
}

/** Only the operator restores its own field, and only when its annotation is gone, too. */
function cureOf({ path }: Drift): string {
  if (path !== "spec.bpfEnabled") return "";
  const patch = { metadata: { annotations: { [bpfAnnotation]: null } }, spec: { bpfEnabled: null } };
  return `; if it was set manually: kubectl patch felixconfigurations.crd.projectcalico.org default --type=merge -p '${JSON.stringify(patch)}'`;
}

const bpfAnnotation = "operator.tigera.io/bpfEnabled";

/** A FelixConfiguration of one node overrides the default there. */
function overruled(wanted: Spec, { metadata: { name }, spec = {} }: CalicoObject): Finding[] {
  const own = Object.fromEntries(Object.entries(wanted).filter(([field]) => spec[field] !== undefined));
  return driftOf(own, spec).map((drift) => ({
    node: name.replace(/^node\./, ""),
    verdict: "failed",
    evidence: `FelixConfiguration ${name} overrides the default: ${driftText(drift)}`,
  }));
}
