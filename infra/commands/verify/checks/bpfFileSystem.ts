import type { Check } from "../check.ts";
import { perNode } from "../reading/probes.ts";
import { isToBeBpf } from "./ebpfMode.ts";

/** Whether what Felix pins outlives it. */
export const bpfFileSystem: Check = {
  name: "bpf-file-system",
  title: "a BPF file system is mounted at /sys/fs/bpf on every node",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, prerequisites",
  meaning: "The eBPF maps go with calico-node: every restart of it drops the connections of the node.",
  cure: "Use an image that mounts it at boot (AL2023 and Bottlerocket do), or let the operator's init container mount it: restart calico-node there.",
  needs: ["exec"],
  appliesTo: isToBeBpf,
  run: (live) =>
    perNode(live, ({ hasBpfFileSystem }) =>
      hasBpfFileSystem
        ? { verdict: "passed", evidence: "mounted" }
        : { verdict: "failed", evidence: "no BPF file system is mounted at /sys/fs/bpf" },
    ),
};
