/** The oldest kernels of one set of requirements. */
interface KernelFloor {
  /** Oldest mainline release, "major.minor.patch". */
  readonly mainline: string;
  /** Oldest build of the one older kernel that carries the eBPF features as backports. */
  readonly rhel: { readonly version: string; readonly build: number; readonly release: string };
  readonly source: string;
}

/**
 * Oldest kernels for the eBPF dataplane, by the mainline series that names the set. Felix's own test is still
 * the older set (felix/bpf/bpf.go), so a kernel between the two starts and is not supported.
 */
export const kernelFloors = {
  "5.10": {
    mainline: "5.10.0",
    rhel: { version: "4.18.0", build: 305, release: "RHEL 8.4" },
    source: "tigera/docs calico 3.32 and 3.33, operations/ebpf/install.mdx, read 2026-11-20",
  },
  "5.3": {
    mainline: "5.3.0",
    rhel: { version: "4.18.0", build: 193, release: "RHEL 8.2" },
    source: "projectcalico/calico release-v3.17 maintenance/ebpf/enabling-bpf.md (2020), read 2026-11-20",
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

/**
 * Kernels on which a Calico release's eBPF programs do not load. Read 2026-11-20.
 */
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
