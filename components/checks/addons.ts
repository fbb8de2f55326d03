import { vpcCni } from "../facts/vpcCni.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { addonsOf } from "../specs/addons.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { vpcCniVersionProblems } from "./vpcCni.ts";

/** Add-ons that are refused, and why. */
const refusedAddons = {
  coredns: {
    found:
      "this program installs CoreDNS itself, after Calico, and restarts it when the dataplane is switched",
    needs: "an add-on can be installed only once",
    fix: "Remove it",
  },
  "kube-proxy": {
    found: "this program decides where kube-proxy runs",
    needs: "it must not serve services together with Calico's eBPF dataplane",
    fix: "Remove it, and set kubeProxy: Absent, Parked or Running",
  },
  "metrics-server": {
    found: "EKS's own add-on serves its API on the pod network",
    needs: "the control plane does not reach pods there, so that kubectl top and autoscaling get no metrics",
    fix: "Remove it, and set metrics: true, which installs metrics-server on the host network",
  },
  "vpc-cni": {
    found: "it is another CNI, whose pod addresses and routes Calico's eBPF programs do not know",
    needs: "calico.cni is Calico",
    fix: "Remove it; a new cluster may have calico.cni: AmazonVPC instead, which installs it",
  },
} as const satisfies Readonly<Record<string, Omit<Problem, "path">>>;

/** Rules on the add-ons that a stack names. */
export function addonProblems({ addons, calico }: Settings): Problem[] {
  return Object.entries(addons).flatMap(([name, addon]) => {
    const { configuration } = addon;
    if (name === vpcCni.addonName && calico.cni === "AmazonVPC") return onlyVersion(addon);
    const isReached = calico.cni === "AmazonVPC" || "hostNetwork" in configuration;
    const refused =
      name === "metrics-server" && isReached ? undefined : lookUp<Omit<Problem, "path">>(refusedAddons, name);
    return refused === undefined ? [] : [{ path: `addons.${name}`, ...refused }];
  });
}

/** Calico depends on what the program configures. */
function onlyVersion({ configuration, podIdentity }: Settings["addons"][string]): Problem[] {
  const keys = [
    ...(Object.keys(configuration).length === 0 ? [] : ["configuration"]),
    ...(podIdentity === undefined ? [] : ["podIdentity"]),
  ];
  return keys.map((key) => ({
    path: `addons.${vpcCni.addonName}.${key}`,
    found: "this program configures the AWS VPC CNI itself, as Calico needs it",
    needs: "calico.cni is AmazonVPC",
    fix: "Remove it; only version may be set",
  }));
}

/** Rules that need EKS's list of add-ons. */
export function addonVersionProblems(
  settings: Settings,
  { otherAddonVersions }: Pick<Surroundings, "otherAddonVersions">,
): Problem[] {
  const { kubernetesVersion } = settings.cluster;
  const unknown = Object.keys(addonsOf(settings))
    .filter((name) => otherAddonVersions[name] === undefined)
    .map((name) => ({
      path: name in settings.addons ? `addons.${name}` : "addons",
      found: `EKS has no add-on ${name} for Kubernetes ${kubernetesVersion}`,
      needs: "`aws eks describe-addon-versions` lists the add-ons for a Kubernetes version",
      fix: "Correct its name, or remove it",
    }));
  return [...unknown, ...vpcCniVersionProblems(settings, { otherAddonVersions })];
}

/**
 * Whether an error of the provider says that EKS has no such add-on for the Kubernetes version. Source:
 * terraform-provider-aws, internal/service/eks/addon_version_data_source.go and internal/tfresource; EKS API reference,
 * DescribeAddonVersions (read 2026-11-27).
 */
export function isUnknownAddon(message: string): boolean {
  return /couldn't find resource|empty result|InvalidParameterException|ResourceNotFoundException/.test(
    message,
  );
}
