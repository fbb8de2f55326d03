interface KubernetesVersion {
  /** Last day of standard support, ISO date. */
  readonly standardUntil: string;
  /** Last day of extended support, which costs six times as much, ISO date. */
  readonly extendedUntil: string;
}

/**
 * Kubernetes minor versions on EKS that a Calico release of `calicoVersions` is tested with. 1.37 is on EKS since
 * 2026-10-01 and has no row yet: the kernels of its AMIs are not known here. Sources: endoflife-date/endoflife.date
 * products/amazon-eks.md (2026-08-22) and the EKS user guide's kubernetes-versions page. Read 2026-11-20.
 */
export const kubernetesVersions = {
  "1.34": { standardUntil: "2026-12-02", extendedUntil: "2027-12-02" },
  "1.35": { standardUntil: "2027-03-27", extendedUntil: "2028-03-27" },
  "1.36": { standardUntil: "2027-08-02", extendedUntil: "2028-08-02" },
} as const satisfies Record<string, KubernetesVersion>;

/**
 * Minor versions that EKS still runs in extended support and that no Calico release of `calicoVersions` is tested with.
 * Sources as above; where a page only says "ended", the date is twelve months before the end of extended support.
 */
export const endedKubernetesVersions = {
  "1.32": { standardUntil: "2026-03-23", extendedUntil: "2027-03-23" },
  "1.33": { standardUntil: "2026-07-29", extendedUntil: "2027-07-29" },
} as const satisfies Record<string, KubernetesVersion>;

/** One release. */
export interface CalicoVersion {
  /** Kubernetes minor versions it is tested with, of those that EKS has. */
  readonly kubernetes: readonly (keyof typeof kubernetesVersions)[];
  /** Oldest kernel for the eBPF dataplane: a row of `kernelFloors`. */
  readonly kernelFloor: keyof typeof kernelFloors;
  /** API version that stores FelixConfiguration; the operator must use it (specs/calico.ts). */
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
 * Calico releases that this program knows. Adding a row needs its release notes and the Kubernetes list of its
 * requirements page. Upstream tests 3.33 with 1.37 too, which had not been seen on EKS. 3.31 has no row: its Kubernetes
 * list is not recorded.
 *
 * Sources, read 2026-11-20: github.com/projectcalico/calico releases and release-notes/v3.32.2-release-notes.md;
 * github.com/tigera/operator releases (v1.44.0, v1.44.1) and config/calico_versions.yml at the tags; tigera/docs _includes/partials/_system-requirements.mdx and operations/native-v3-crds.mdx of 3.32 and 3.33;
 * tigera/operator pkg/apis/version.go (API version).
 */
export const calicoVersions = {
  "3.32.0": {
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
    knownBad: [nodePortResets, connmark],
  },
  "3.32.1": {
    kubernetes: ["1.34", "1.35", "1.36"],
    kernelFloor: "5.10",
    felixApiVersion: v1,
    knownBad: [connmark],
  },
  "3.32.2": { kubernetes: ["1.34", "1.35", "1.36"], kernelFloor: "5.10", felixApiVersion: v1 },
  "3.32.4": { kubernetes: ["1.34", "1.35", "1.36"], kernelFloor: "5.10", felixApiVersion: v1 },
  "3.33.0": {
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
  "3.33.1": { kubernetes: ["1.35", "1.36"], kernelFloor: "5.10", felixApiVersion: v1 },
} as const satisfies Record<string, CalicoVersion>;

/** The oldest kernels of one set of requirements. */
interface KernelFloor {
  /** Oldest mainline release, "major.minor.patch". */
  readonly mainline: string;
  /** Oldest build of the one older kernel that carries the eBPF features as backports. */
  readonly rhel: { readonly version: string; readonly build: number };
  readonly source: string;
}

/**
 * Oldest kernels for the eBPF dataplane, by the mainline series that names the set. Felix itself tests for 5.3, the set of
 * 2020 (felix/bpf/bpf.go), so a kernel between the two starts and is not supported.
 */
export const kernelFloors = {
  "5.10": {
    mainline: "5.10.0",
    rhel: { version: "4.18.0", build: 305 },
    source: "tigera/docs calico 3.32 and 3.33, operations/ebpf/install.mdx, read 2026-11-20",
  },
} as const satisfies Record<string, KernelFloor>;

/** A known fault: on which kernels and with which releases. */
export interface KnownBadKernel {
  /** Kernel ranges, each from the first version seen to fail to the first that cannot have it; no `below`: no end. */
  readonly kernels: readonly Range[];
  /** Calico releases that fail on them, each up to the first fixed one of its line. */
  readonly calico: readonly Range[];
  readonly symptom: string;
  readonly issue: string;
  /** First fixed Calico release of each line. */
  readonly fixedIn: readonly string[];
}

/** Versions from `from`, included, to `below`, excluded. */
interface Range {
  readonly from: string;
  readonly below?: string;
}

/** Kernels on which a Calico release's eBPF programs do not load. Read 2026-11-20. */
export const knownBadKernels = {
  // Seen on 6.12.53 (6.12.46 works) and 6.17.5 (6.17.1 works); 6.18 came after both.
  connectTimeLoadBalancer: {
    kernels: [{ from: "6.12.53", below: "6.13.0" }, { from: "6.17.5" }],
    calico: [
      { from: "3.0.0", below: "3.30.5" },
      { from: "3.31.0", below: "3.31.3" },
    ],
    symptom: "the connect-time load balancer's program calico_sendmsg_v46 does not load",
    issue: "projectcalico/calico#11379",
    fixedIn: ["3.30.5", "3.31.3", "3.32.0"],
  },
  typeFormat: {
    kernels: [{ from: "6.1.0" }],
    calico: [{ from: "3.0.0", below: "3.27.0" }],
    symptom: "libbpf cannot read the kernel's type information",
    issue: "bottlerocket-os/bottlerocket#3632",
    fixedIn: ["3.27.0"],
  },
} as const satisfies Record<string, KnownBadKernel>;
