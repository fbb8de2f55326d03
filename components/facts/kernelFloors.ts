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
