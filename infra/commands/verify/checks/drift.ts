import type { Check, Finding, Live } from "../check.ts";
import { type Drift, driftOf, driftText } from "../drift.ts";
import { type CalicoObject, felixConfigurations, installation } from "../reading/calico.ts";
import { kubectlFields } from "./kubectlFields.ts";

type Spec = Readonly<Record<string, unknown>>;

const meaning =
  "Someone has changed it since the last up. The next one puts it back, which may restart calico-node.";
const cure =
  "Run npx pulumi up --refresh, which puts it back; or write the change into the stack file first. For bpfEnabled do what the line says.";

/** Whether Installation is what the stack wrote. */
export const installationDrift: Check = {
  name: "installation",
  title: "Installation default is as the stack says",
  source: "components/specs/installation.ts",
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

/** Whether FelixConfiguration is what the stack wrote, and what the operator has to make of it. */
export const felixDrift: Check = {
  name: "felix-configuration",
  title: "FelixConfiguration is as the stack says, on every node",
  source: "components/specs/felixConfiguration.ts; tigera/operator pkg/controller/installation/bpf.go",
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
  return spec !== undefined || "no stack says how it is to be";
}

function drifts(object: string, wanted: Spec, live: CalicoObject): Finding[] {
  const failed = (evidence: string): Finding => ({ verdict: "failed", evidence: `${object}: ${evidence}` });
  const found = [
    ...driftOf(wanted, live.spec ?? {}).map((drift) => failed(`${driftText(drift)}${cureOf(drift)}`)),
    ...kubectlFields(wanted, live).map(({ path, manager }) =>
      failed(
        `${path} was set by ${manager}; the next change of this object by the stack removes it unannounced`,
      ),
    ),
  ];
  return found.length === 0 ? [{ verdict: "passed", evidence: `${object} is as the stack says` }] : found;
}

/** The operator's own field comes back by the operator alone, and by it only when its annotation is gone, too. */
function cureOf({ path }: Drift): string {
  if (path !== "spec.bpfEnabled") return "";
  const patch = { metadata: { annotations: { [bpfAnnotation]: null } }, spec: { bpfEnabled: null } };
  return `; if somebody set it by hand: kubectl patch felixconfigurations.crd.projectcalico.org default --type=merge -p '${JSON.stringify(patch)}'`;
}

const bpfAnnotation = "operator.tigera.io/bpfEnabled";

/** A FelixConfiguration of one node overrules the default there. */
function overruled(wanted: Spec, { metadata: { name }, spec = {} }: CalicoObject): Finding[] {
  const own = Object.fromEntries(Object.entries(wanted).filter(([field]) => spec[field] !== undefined));
  return driftOf(own, spec).map((drift) => ({
    node: name.replace(/^node\./, ""),
    verdict: "failed",
    evidence: `FelixConfiguration ${name} overrules the default: ${driftText(drift)}`,
  }));
}
