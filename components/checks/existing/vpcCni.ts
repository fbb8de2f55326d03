import { badVpcCnis, newestVpcCni } from "../../facts/vpcCni.ts";
import type { ExistingSettings } from "../../settings/existing.ts";
import { lookUp } from "../../values/lookUp.ts";
import type { Found, Problem } from "../../values/problem.ts";
import { compareVersions } from "../../values/versions.ts";
import { type ClusterSnapshot, defaultFelixSpec, type FoundVpcCni } from "./snapshot.ts";

/** The CNI plugin of a cluster, in the operator's words; undefined: unknown, or there is no Calico. */
function cniOf({ operator, manifest, vpcCni }: ClusterSnapshot): string | undefined {
  if (operator !== undefined) return operator.cni;
  if (manifest === undefined) return undefined;
  return vpcCni === undefined ? "Calico" : "AmazonVPC";
}

/** Whether pods get their addresses from the AWS VPC CNI. */
export function hasVpcCni(snapshot: ClusterSnapshot): boolean {
  return cniOf(snapshot) === "AmazonVPC";
}

/** What the stack file says of the CNI, against the cluster. */
export function cniMismatch({ calico }: Pick<ExistingSettings, "calico">, snapshot: ClusterSnapshot): Found {
  const found = cniOf(snapshot);
  if (calico.cni === undefined || found === undefined || calico.cni === found) return [];
  return {
    path: "calico.cni",
    found: calico.cni,
    needs: `the cluster's pods get their addresses from ${found}, and its CNI is not changed`,
    fix: found === "AmazonVPC" ? "Set cni: AmazonVPC, or remove it" : "Remove it",
  };
}

const daemonSet = "DaemonSet aws-node";

/** Rules on the AWS VPC CNI, for the BPF dataplane of a cluster whose pods are on it. */
export function vpcCniProblems(settings: ExistingSettings, snapshot: ClusterSnapshot): Problem[] {
  if (!hasVpcCni(snapshot)) return [];
  const { vpcCni } = snapshot;
  return [
    ...(settings.calico.externalService === "DSR" ? [noDirectReplies] : []),
    ...(vpcCni === undefined ? [missing] : [...awsNodeProblems(vpcCni), ...felixProblems(snapshot)]),
  ];
}

/** Calico turns the source/destination check of the first interface only off. Source: felix/aws/ec2.go (projectcalico/calico). */
const noDirectReplies: Problem = {
  path: "calico.externalService",
  found: "DSR needs replies that leave through the first network interface of a node",
  needs: "the cluster's CNI is AmazonVPC, whose pods are on further interfaces as well",
  fix: "Set externalService: Tunnel",
};

const missing: Problem = {
  path: daemonSet,
  found: "it does not exist in kube-system",
  needs: "Installation default has spec.cni.type: AmazonVPC, and nothing else gives pods their addresses",
  fix: "Install the add-on vpc-cni, or choose another cluster",
};

/** Rules on DaemonSet aws-node alone. */
export function awsNodeProblems(vpcCni: FoundVpcCni): Problem[] {
  return [
    versionProblems(vpcCni),
    vpcCni.enforcesPolicies ? [twoPolicyEngines] : [],
    environmentProblems(vpcCni),
  ].flat();
}

function versionProblems({ version }: FoundVpcCni): Found {
  const bad = version === undefined ? undefined : lookUp(badVpcCnis, version);
  if (bad === undefined) return [];
  return {
    path: daemonSet,
    found: `the VPC CNI ${version} is known to be bad: ${bad.symptom} (${bad.issue})`,
    needs: "another release is needed",
    fix: "Set the add-on to another release first, such as 1.22.4",
  };
}

/** Source: tigera/docs getting-started/kubernetes/managed-public-cloud/eks.mdx. */
const twoPolicyEngines: Problem = {
  path: `${daemonSet}, container aws-eks-nodeagent`,
  found: "--enable-network-policy=true",
  needs: "its eBPF programs would filter the packets of pods next to Calico's",
  fix: 'Set enableNetworkPolicy: "false" in the configuration of the add-on vpc-cni',
};

interface VariableRule {
  readonly name: string;
  readonly isSound: (value: string | undefined, env: FoundVpcCni["env"]) => boolean;
  readonly needs: string;
  readonly fix: string;
}

/** Prefix of the interfaces that the operator lets Felix look after (tigera/operator pkg/render/node.go). */
const interfacePrefix = "eni";

/** Sources: amazon-vpc-cni-k8s README.md; EKS user guide, Assign security groups to individual Pods. */
const variableRules: readonly VariableRule[] = [
  {
    name: "AWS_VPC_K8S_CNI_VETHPREFIX",
    isSound: (value = interfacePrefix) => value === interfacePrefix,
    needs: `Felix attaches its eBPF programs to the interfaces of pods, which it recognizes by the prefix ${interfacePrefix}`,
    fix: `Set it to ${interfacePrefix}, and replace the nodes`,
  },
  {
    name: "AWS_VPC_CNI_NODE_PORT_SUPPORT",
    isSound: (value = "true") => value === "true",
    needs: "Calico marks replies to clients outside for the route that only this setting adds",
    fix: "Set it to true",
  },
  {
    name: "ENABLE_POD_ENI",
    isSound: (value, env) => value !== "true" || env["POD_SECURITY_GROUP_ENFORCING_MODE"] === "standard",
    needs:
      "in mode strict, the default, Felix does not recognize the interfaces of pods with their own security groups, and they could not reach services",
    fix: "Set POD_SECURITY_GROUP_ENFORCING_MODE: standard and replace those pods, or ENABLE_POD_ENI: false",
  },
];

function environmentProblems({ env }: FoundVpcCni): Problem[] {
  return variableRules
    .filter(({ name, isSound }) => !isSound(env[name], env))
    .map(({ name, needs, fix }) => ({
      path: `${daemonSet}, environment ${name}`,
      found: env[name] ?? "not set",
      needs,
      fix,
    }));
}

/** What the operator sets for this CNI, and a manifest may not. */
const ofOperator = {
  interfacePrefix: {
    isSound: (value: unknown) =>
      String(value ?? "")
        .split(",")
        .includes(interfacePrefix),
    wanted: interfacePrefix,
    needs: "without it Felix does not manage the interfaces of pods",
  },
  bpfExtToServiceConnmark: {
    isSound: (value: unknown) => Number(value ?? 0) === 0x80,
    wanted: "0x80",
    needs: "without it replies to clients outside leave through the wrong network interface",
  },
} as const;

function felixProblems({ manifest, felix }: ClusterSnapshot): Problem[] {
  if (manifest === undefined) return [];
  const spec = defaultFelixSpec(felix);
  return Object.entries(ofOperator).flatMap(([field, { isSound, wanted, needs }]) => {
    const name = `FELIX_${field.toUpperCase()}`;
    // The environment comes first, as in Felix.
    const found = manifest.env[name] ?? spec[field];
    if (isSound(found)) return [];
    return {
      path: `DaemonSet calico-node, environment ${name}`,
      found: found === undefined ? "not set" : String(found),
      needs: `pods get their addresses from the AWS VPC CNI, and ${needs}`,
      fix: `Set it to ${wanted}; or delete DaemonSet aws-node, if Calico's own CNI is used`,
    };
  });
}

/** Warnings about the AWS VPC CNI of a cluster that can be adopted, a sentence each. */
export function vpcCniAdvice(
  { kubeProxy }: Pick<ExistingSettings, "kubeProxy">,
  snapshot: ClusterSnapshot,
): string[] {
  const { vpcCni } = snapshot;
  if (!hasVpcCni(snapshot) || vpcCni === undefined) return [];
  const { env, version } = vpcCni;
  const { issue, symptom } = badVpcCnis[newestVpcCni];
  const release =
    version === undefined ? "its release, which its image does not show," : `the VPC CNI ${version}`;
  return [
    version === undefined || compareVersions(version, newestVpcCni) > 0
      ? `${daemonSet}: whether ${release} has the fix for ${issue} could not be checked; without it, ${symptom}.`
      : [],
    kubeProxy === "Parked" && (env["CLUSTER_ENDPOINT"] ?? "") === ""
      ? `${daemonSet}: it has no environment variable CLUSTER_ENDPOINT, so on a new node without kube-proxy it waits until Calico's eBPF serves the API server's address; set it in the configuration of the add-on vpc-cni.`
      : [],
    env["MAX_ENI"] === "1"
      ? []
      : `${daemonSet}: MAX_ENI is not 1, so pods may be on further network interfaces of a node, and with Calico 3.28.5 their NodePorts did not answer; set it to 1 in the configuration of the add-on vpc-cni where the first interface has addresses for all pods, then replace the nodes.`,
  ].flat();
}
