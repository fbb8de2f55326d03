import { z } from "zod";
import { charts, controllerTags } from "../facts/charts.ts";
import { vpcCni } from "../facts/vpcCni.ts";
import { nameFix } from "../settings/formProblems.ts";
import { pathText } from "../settings/paths.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { addonsOf } from "../specs/addons.ts";
import { isAutoscaled, subnetRole } from "../specs/charts.ts";
import { usesKarpenter } from "../specs/karpenter.ts";
import { usesVpcCni, vpcCniAddon, vpcCniValues } from "../specs/vpcCni.ts";
import { lookUp, nearest } from "../values/lookUp.ts";
import { type Found, listed, type Problem } from "../values/problem.ts";
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
    needs: "the control plane cannot reach pods there, so kubectl top and autoscaling would get no metrics",
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

/** Rules that need EKS's schemas: the values that the stack writes must be what the add-on knows. */
export function addonConfigurationProblems(
  settings: Settings,
  { addonSchemas = {} }: Pick<Surroundings, "addonSchemas">,
): Problem[] {
  const own = vpcCniValuesProblems(settings, addonSchemas[vpcCni.addonName]);
  const written = Object.entries(settings.addons).flatMap(([name, { configuration }]) => {
    const schema = configurationSchema(addonSchemas[name]);
    const issues = schema?.safeParse(configuration).error?.issues ?? [];
    return issues.flatMap((issue) => configurationProblems(name, issue, addonSchemas[name]));
  });
  return [own, written].flat();
}

/** Whether the version of the VPC CNI knows what the program sets of it. */
function vpcCniValuesProblems(settings: Settings, schema: unknown): Found {
  if (!usesVpcCni(settings)) return [];
  const values = JSON.parse(vpcCniValues(vpcCniAddon(settings), "https://endpoint.example.com"));
  const [issue] = configurationSchema(schema)?.safeParse(values).error?.issues ?? [];
  if (issue === undefined) return [];
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
  return {
    path: `addons.${vpcCni.addonName}`,
    found: `its schema refuses ${pathText([...issue.path.map(String), ...keys.slice(0, 1)])}, which this program sets`,
    needs: "Calico requires this configuration of the AWS VPC CNI",
    fix: `Set addons.${vpcCni.addonName}.version to another one that \`aws eks describe-addon-versions\` lists`,
  };
}

/** EKS's schema, which names draft 6 and is written as draft 7 would be; undefined: it is in a form that cannot be checked. */
function configurationSchema(schema: unknown): z.ZodType | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  try {
    return z.fromJSONSchema({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" });
  } catch {
    return undefined;
  }
}

function configurationProblems(name: string, issue: z.core.$ZodIssue, schema: unknown): Problem[] {
  const at = ["addons", name, "configuration", ...issue.path.map((step) => step as string | number)];
  const needs = `the value must match the JSON schema of ${name}, which \`aws eks describe-addon-configuration\` shows`;
  if (issue.code !== "unrecognized_keys") {
    const [, why = issue.message] = /^[A-Z][a-z ]+: (.+)$/.exec(issue.message) ?? [];
    return [{ path: pathText(at), found: why, needs, fix: "Correct the value, or remove it" }];
  }
  const known = propertiesAt(schema, issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    return {
      path: pathText([...at, key]),
      found: "the add-on has no such value",
      needs: known.length === 0 ? needs : `there ${known.length === 1 ? "is" : "are"} ${listed(known)}`,
      fix: nameFix(meant),
    };
  });
}

/** Names of the properties that a schema has at a path, through its references. */
function propertiesAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const step = (of: unknown, key: PropertyKey): unknown =>
    typeof of === "object" && of !== null ? Reflect.get(of, key) : undefined;
  const resolved = (part: unknown): unknown => {
    const reference = step(part, "$ref");
    return typeof reference === "string" && reference.startsWith("#/")
      ? resolved(reference.slice(2).split("/").reduce(step, schema))
      : part;
  };
  const found = path.reduce<unknown>(
    (part, key) =>
      resolved(typeof key === "number" ? step(part, "items") : step(step(part, "properties"), key)),
    resolved(schema),
  );
  return Object.keys((step(found, "properties") ?? {}) as object);
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

/** Charts whose images a mirror can serve, and when a stack installs them; loadBalancers has a rule, as it needs more. */
const mirrored = [
  {
    name: "the Cluster Autoscaler",
    registry: charts["cluster-autoscaler"].image.registry,
    isInstalled: isAutoscaled,
  },
  { name: "Karpenter", registry: charts.karpenter.image.registry, isInstalled: usesKarpenter },
  {
    name: "metrics-server",
    registry: charts["metrics-server"].image.registry,
    isInstalled: ({ metrics }: Settings) => metrics,
  },
];

/** The charts that a stack installs need a way to their images. */
export function chartImageProblems(settings: Settings): Found {
  const { network, charts } = settings;
  const isClosed = network.natGateway === "None" && network.existing === undefined;
  const installed = mirrored.filter((one) => one.isInstalled(settings));
  if (!isClosed || charts.registry !== undefined || installed.length === 0) return [];
  const registries = [...new Set(installed.map(({ registry }) => registry))];
  return {
    path: "charts.registry",
    found: "no registry is set",
    needs: `network.natGateway is None, so nodes cannot pull ${listed(installed.map(({ name }) => name))} from ${listed(registries)}`,
    fix: "Mirror the images and set the registry here, or set network.natGateway: Single",
  };
}

const path = "loadBalancers";

/** Zones that an Application Load Balancer needs. Source: Elastic Load Balancing user guide (2026-11). */
const neededZones = 2;

/** Rules on load balancers that need no look-up. */
export function loadBalancerProblems(settings: Settings): Problem[] {
  const { loadBalancers, network } = settings;
  if (!loadBalancers) return [];
  const refused = refusedTags(settings);
  if (network.existing !== undefined || network.natGateway !== "None") return refused;
  return [
    ...refused,
    {
      path,
      found: "the load balancer controller must reach public.ecr.aws and the API of Elastic Load Balancing",
      needs: "network.natGateway is None, so nodes cannot reach them",
      fix: "Set network.natGateway: Single, or loadBalancers: false",
    },
  ];
}

/** The controller gets the tags as one argument, `key=value,key=value`, which its chart sorts and does not quote. */
function refusedTags({ tags }: Settings): Problem[] {
  const last = Object.keys(tags).toSorted().at(-1);
  return Object.entries(tags).flatMap(([key, value]) => {
    const why = reserved(key) ?? unreadable(`${key}=${value}${key === last ? " " : ","}`, key);
    return why === undefined ? [] : [{ path: pathText(["tags", key]), ...why }];
  });
}

function reserved(key: string): Omit<Problem, "path"> | undefined {
  if (!controllerTags.some((one) => one === key)) return undefined;
  return {
    found: "the tag is reserved",
    needs: "the load balancer controller uses it to find what it created, and would not start",
    fix: "Use another key, or set loadBalancers: false",
  };
}

function unreadable(argument: string, key: string): Omit<Problem, "path"> | undefined {
  if (key.includes("=")) {
    return {
      found: "the key contains =",
      needs: "the load balancer controller would read what follows as the value",
      fix: "Use another key, or set loadBalancers: false",
    };
  }
  if (!argument.includes(": ")) return undefined;
  return {
    found: "it has a colon before a space or at the end",
    needs:
      "the chart of the load balancer controller does not quote tags, and YAML reads this one as a mapping",
    fix: "Remove the colon, or set loadBalancers: false",
  };
}

/** Whether an existing network has public subnets for load balancers, in two zones. */
export function loadBalancerSubnetProblems(
  { loadBalancers, network }: Settings,
  { existing }: Pick<Surroundings, "existing">,
): Problem[] {
  if (!loadBalancers || network.existing === undefined) return [];
  const subnets = existing?.loadBalancerSubnets ?? [];
  const zones = [...new Set(subnets.map(({ zone }) => zone))].toSorted();
  if (zones.length >= neededZones) return [];
  const { vpcId } = network.existing;
  return [
    {
      path,
      found:
        zones.length === 0
          ? `${vpcId} has no subnet with the tag ${subnetRole.public}`
          : `the subnets of ${vpcId} with the tag ${subnetRole.public} are all in ${listed(zones)}`,
      needs: "a public load balancer needs subnets in two zones",
      fix: `Tag a public subnet in each of two zones with ${subnetRole.public}=1, or set loadBalancers: false`,
    },
  ];
}
