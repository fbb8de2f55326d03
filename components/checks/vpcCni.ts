import { badVpcCnis, newestVpcCni, vpcCni, xenFamilies } from "../facts/vpcCni.ts";
import type { NodePoolSettings, Settings, Surroundings } from "../settings/settings.ts";
import { versionOfAddon } from "../specs/addons.ts";
import { mostPodsOn, usesVpcCni } from "../specs/vpcCni.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { compareVersions } from "../values/versions.ts";

const path = `addons.${vpcCni.addonName}`;

/** Rules on the instance types of a cluster whose pods have addresses of the node subnets. */
export function vpcCniProblems(settings: Settings): Problem[] {
  if (!usesVpcCni(settings)) return [];
  return Object.entries(settings.nodePools).flatMap(([name, pool]) => [
    ...withoutPrefixes(`nodePools.${name}.instanceTypes`, pool),
    ...tooManyPods(`nodePools.${name}.maxPods`, pool),
  ]);
}

function withoutPrefixes(at: string, { instanceTypes }: NodePoolSettings): Problem[] {
  return instanceTypes.flatMap((type, index) => {
    const [family = "", size] = type.split(".");
    if (!xenFamilies.includes(family) || size === "metal") return [];
    return [
      {
        path: `${at}[${index}]`,
        found: `${type} is not built on Nitro`,
        needs: "calico.cni is AmazonVPC, which takes addresses in prefixes that only Nitro instances have",
        fix: "Use a newer generation",
      },
    ];
  });
}

/** The kubelet would start more pods than the node's first interface has addresses for. */
function tooManyPods(at: string, { instanceTypes, maxPods }: NodePoolSettings): Problem[] {
  const limits = instanceTypes.flatMap((type) => {
    const most = mostPodsOn(type);
    return most === undefined ? [] : [{ type, most }];
  });
  const [worst] = limits.toSorted((one, other) => one.most - other.most);
  if (worst === undefined || maxPods <= worst.most) return [];
  return [
    {
      path: at,
      found: `the first network interface of ${worst.type} has addresses for ${worst.most} pods, and maxPods is ${maxPods}`,
      needs: "calico.cni is AmazonVPC, with which every pod has an address of that interface",
      fix: `Set maxPods: ${worst.most}, or use larger instance types`,
    },
  ];
}

/** Whether the version that the stack gets drops the packets of Calico's eBPF programs. */
export function vpcCniVersionProblems(
  settings: Settings,
  surroundings: Pick<Surroundings, "otherAddonVersions">,
): Problem[] {
  const version = installed(settings, surroundings);
  const bad = version === undefined ? undefined : lookUp(badVpcCnis, version);
  if (bad === undefined) return [];
  const isSet = settings.addons[vpcCni.addonName]?.version !== undefined;
  return [
    {
      path: isSet ? `${path}.version` : path,
      found: `${isSet ? "the AWS VPC CNI" : "EKS's default of the AWS VPC CNI,"} ${version}${isSet ? "" : ","} is known to be bad: ${bad.symptom} (${bad.issue})`,
      needs: `no release up to ${newestVpcCni} has the fix, and 1.22.4 works`,
      fix: `Set ${path}.version to a 1.22 version that \`aws eks describe-addon-versions --addon-name ${vpcCni.addonName} --kubernetes-version ${settings.cluster.kubernetesVersion}\` lists`,
    },
  ];
}

/** A warning where the table of known-bad versions is older than the version. */
export function vpcCniAdvice(
  settings: Settings,
  surroundings: Pick<Surroundings, "otherAddonVersions">,
): string[] {
  const version = installed(settings, surroundings);
  if (version === undefined || compareVersions(version, newestVpcCni) <= 0) return [];
  return [
    `${path}: version ${version} of the AWS VPC CNI is newer than the versions that this program knows; check that it has the fix for ${badVpcCnis[newestVpcCni].issue}, or set an older one.`,
  ];
}

/** Version of the VPC CNI without its build; undefined: the stack has none, or EKS. */
function installed(
  settings: Settings,
  surroundings: Pick<Surroundings, "otherAddonVersions">,
): string | undefined {
  if (!usesVpcCni(settings)) return undefined;
  return /^v?(\d+\.\d+\.\d+)/.exec(versionOfAddon(vpcCni.addonName, settings, surroundings))?.[1];
}
