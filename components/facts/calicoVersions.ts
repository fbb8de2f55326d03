import type { kernelFloors } from "./kernels.ts";
import type { kubernetesVersions } from "./kubernetesVersions.ts";

/** One release. */
export interface CalicoVersion {
  /** Operator that the release's chart installs; undefined: the sources do not say. */
  readonly operator: string | undefined;
  /** Kubernetes minor versions it is tested with, of those that EKS has. */
  readonly kubernetes: readonly (keyof typeof kubernetesVersions)[];
  /** Oldest kernel for the eBPF dataplane: a row of `kernelFloors`. */
  readonly kernelFloor: keyof typeof kernelFloors;
  /** API version that stores FelixConfiguration; the operator must use it (specs/operatorChart.ts). */
  readonly felixApiVersion: "crd.projectcalico.org/v1" | "projectcalico.org/v3";
  /** Each reason why it is not installed; the first is reported first. */
  readonly knownBad?: readonly KnownBad[];
}

interface KnownBad {
  /** CNI plugin that it concerns, as in `calico.cni`. */
  readonly cni: "any" | "AmazonVPC";
  readonly symptom: string;
  readonly issue: string;
  /** First release without it. */
  readonly fixedIn: string;
}

/**
 * Up to 3.33 the older group, although a new 3.33 cluster on Kubernetes 1.36 could have native v3 resources: a cluster that
 * was upgraded keeps its v1 resources, and a group that follows the versions would delete FelixConfiguration, and eBPF with
 * it, in the upgrade from 3.32. The move is a separate maintenance step (tigera/docs operations/native-v3-crds.mdx).
 */
const v1 = "crd.projectcalico.org/v1";

const connmark = {
  cni: "AmazonVPC",
  symptom:
    "ordinary pod egress carries the service connmark, which breaks traffic between nodes on kernels from 6.10 on",
  issue: "projectcalico/calico#13256",
  fixedIn: "3.32.2",
} as const;

/**
 * At each start, and most configuration changes restart it, Felix removes the frontends of NodePorts until
 * it knows the node's addresses. Seen with packets on 3.28.5; on 3.32.1 no connection was lost. By the tags' sources the
 * fix is in 3.31.6, 3.31.7 and from 3.32.1 on; 3.32.0, 3.31.5 and 3.30.7 lack it.
 */
const nodePortResets = {
  cni: "any",
  symptom: "whenever Felix starts on a node, all NodePort connections through it are reset",
  issue: "projectcalico/calico#12192",
  fixedIn: "3.32.1",
} as const;

/**
 * Calico releases that this program knows. Adding a row needs its release notes, its chart's operator and the Kubernetes
 * list of its requirements page. Upstream tests 3.33 with 1.37 too, which had not been seen on EKS. 3.31 has no row:
 * its Kubernetes list is not recorded.
 *
 * Sources, read 2026-11-20: github.com/projectcalico/calico releases and release-notes/v3.32.2-release-notes.md;
 * github.com/tigera/operator releases (v1.42.0, v1.42.3, v1.42.8, v1.44.0, v1.44.1) and config/calico_versions.yml at the
 * tags; tigera/docs _includes/partials/_system-requirements.mdx and operations/native-v3-crds.mdx of 3.32 and 3.33;
 * tigera/operator pkg/apis/version.go (API version).
 */
export const calicoVersions = {
  "3.32.0": {
    operator: "v1.42.0",
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
    knownBad: [nodePortResets, connmark],
  },
  "3.32.1": {
    operator: "v1.42.3",
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
    knownBad: [connmark],
  },
  "3.32.2": {
    operator: undefined,
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
  },
  "3.32.4": {
    operator: "v1.42.8",
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
  },
  "3.33.0": {
    operator: "v1.44.0",
    kubernetes: ["1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
    knownBad: [
      {
        cni: "any",
        symptom: "its operator v1.44.0 overwrites or removes settings of FelixConfiguration",
        issue: "tigera/operator#5367",
        fixedIn: "3.33.1",
      },
    ],
  },
  "3.33.1": {
    operator: "v1.44.1",
    kubernetes: ["1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
  },
} as const satisfies Record<string, CalicoVersion>;
