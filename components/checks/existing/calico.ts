import { type CalicoVersion, calicoVersions } from "../../facts/versions.ts";
import { lookUp } from "../../values/lookUp.ts";
import { type Found, listed, type Problem } from "../../values/problem.ts";
import type { ClusterSnapshot, FoundManifest, FoundOperator } from "./snapshot.ts";
import { hasVpcCni } from "./vpcCni.ts";

/**
 * DaemonSets in kube-system of networks that Calico's eBPF dataplane does not support. Source: tigera/docs
 * operations/ebpf/install.mdx, supported platforms: Calico's own networking, the VPC CNI and Azure's; read 2026-11-20.
 */
const otherCnis: Readonly<Record<string, string>> = {
  antrea: "Antrea",
  canal: "Canal (Flannel with Calico policies)",
  cilium: "Cilium",
  "kube-flannel": "Flannel",
  "kube-flannel-ds": "Flannel",
  "kube-router": "kube-router",
  "weave-net": "Weave Net",
};

/** Rules on what Calico is and how it was installed; these hold for any settings. */
export function kindProblems({ operator, manifest }: ClusterSnapshot): Found {
  if (operator !== undefined && manifest !== undefined) {
    return {
      path: "Calico",
      found: "it is listed twice: Installation default, and DaemonSet calico-node in kube-system",
      needs: "only one of the two may be installed",
      fix: "Finish the migration to the operator, or remove the leftovers",
    };
  }
  if (operator === undefined && manifest === undefined) {
    return {
      path: "Calico",
      found: "neither Installation default nor DaemonSet calico-node in kube-system exists",
      needs: "the cluster's network must be Calico, installed by its operator or by its manifest",
      fix: "Choose another cluster, or install Calico first",
    };
  }
  if (operator === undefined || operator.runs) return [];
  return {
    path: "Deployment tigera-operator",
    found: "it does not exist in namespace tigera-operator",
    needs: "Installation default exists, and only the operator acts on it",
    fix: "Reinstall the operator",
  };
}

/** Release of Calico; undefined: unknown. */
export function calicoVersionOf({ operator, manifest }: ClusterSnapshot): string | undefined {
  return operator?.version ?? manifest?.version;
}

/** Rules on what Calico is, for the BPF dataplane. */
export function calicoProblems(snapshot: ClusterSnapshot): Problem[] {
  const { operator, manifest } = snapshot;
  const isOneKind = (operator === undefined) !== (manifest === undefined);
  return [
    isOneKind ? versionProblems(snapshot) : [],
    cniProblems(snapshot),
    operator === undefined ? [] : installationProblems(operator),
    manifest === undefined ? [] : manifestProblems(manifest),
    // With the VPC CNI no pod has an address of a pool.
    hasVpcCni(snapshot) ? [] : poolProblems(snapshot),
  ].flat();
}

function versionProblems(snapshot: ClusterSnapshot): Found {
  const version = calicoVersionOf(snapshot);
  const row: CalicoVersion | undefined = version === undefined ? undefined : lookUp(calicoVersions, version);
  const path = "Calico";
  const found = version ?? snapshot.manifest?.image ?? "the Installation's status has no version";
  if (row === undefined) {
    return {
      path,
      found: version === undefined ? `the version is unknown: ${found}` : `${version} is not a known release`,
      needs: `the known releases are ${listed(Object.keys(calicoVersions))}`,
      fix: "Upgrade Calico to one of them, or add its row to components/facts/versions.ts",
    };
  }
  return (row.knownBad ?? [])
    .filter(({ cni }) => cni === "any" || hasVpcCni(snapshot))
    .map(({ symptom, issue, fixedIn }) => ({
      path,
      found: `${version} is known to be bad: ${symptom} (${issue})`,
      needs: `${fixedIn} is the first release without it`,
      fix: `Upgrade Calico to ${fixedIn} first`,
    }));
}

function cniProblems(snapshot: ClusterSnapshot): Problem[] {
  const { operator, daemonSets } = snapshot;
  const others = daemonSets.flatMap((name) => lookUp(otherCnis, name) ?? []);
  return [
    ...others.map((name) => ({
      path: "CNI",
      found: `${name} runs next to Calico`,
      needs: "eBPF is for Calico's own network, the VPC CNI and Azure's",
      fix: "Choose another cluster",
    })),
    ...(operator === undefined || ["Calico", "AmazonVPC", "AzureVNET"].includes(operator.cni ?? "")
      ? []
      : [
          {
            path: "Installation default, spec.cni.type",
            found: operator.cni ?? "unknown",
            needs: "eBPF is for Calico, AmazonVPC and AzureVNET",
            fix: "Choose another cluster",
          },
        ]),
  ];
}

/** Settings with which the operator itself would do what this program does. */
function installationProblems({ bpfNetworkBootstrap, kubeProxyManagement }: FoundOperator): Problem[] {
  const automatic = { bpfNetworkBootstrap, kubeProxyManagement };
  return Object.entries(automatic)
    .filter(([, value]) => value === "Enabled")
    .map(([field]) => ({
      path: `Installation default, spec.calicoNetwork.${field}`,
      found: "Enabled",
      needs: "the operator would then make the same changes as this program, in another way",
      fix: "Set it to Disabled, or leave the cluster to the operator",
    }));
}

function manifestProblems({ env, mountsBpf, updateStrategy, workloads }: FoundManifest): Problem[] {
  const path = "DaemonSet calico-node";
  const { DATASTORE_TYPE: datastore = "kubernetes" } = env;
  return [
    datastore === "kubernetes"
      ? []
      : {
          path,
          found: `its datastore is ${datastore}`,
          needs: "eBPF needs the Kubernetes datastore",
          fix: "Migrate the datastore first",
        },
    mountsBpf
      ? []
      : {
          path,
          found: "it does not mount /sys/fs/bpf of the host",
          needs: "eBPF programs must survive a restart of calico-node",
          fix: "Apply the manifest of its release again, which mounts it",
        },
    updateStrategy === "RollingUpdate"
      ? []
      : {
          path,
          found: `its update strategy is ${updateStrategy}`,
          needs: "its pods must restart automatically to get the API server's address",
          fix: "Set updateStrategy.type: RollingUpdate",
        },
    workloads
      .filter(({ readsEndpoint }) => !readsEndpoint)
      .map(({ kind, name }) => ({
        path: `${kind} ${name}`,
        found: "it does not read its environment from ConfigMap kubernetes-services-endpoint",
        needs: "without kube-proxy it would not find the API server",
        fix: "Apply the manifest of its release again, which has that envFrom",
      })),
  ].flat();
}

function poolProblems({ pools }: ClusterSnapshot): Problem[] {
  return pools
    .filter(({ ipipMode, disabled }) => ipipMode !== "Never" && !disabled)
    .map(({ name, ipipMode }) => ({
      path: `IPPool ${name}`,
      found: `ipipMode is ${ipipMode}`,
      needs: "Calico does not recommend IPIP under eBPF, where it performs poorly",
      fix: `Set ipipMode: Never and vxlanMode: ${ipipMode}`,
    }));
}
