import { conntrackDump } from "../dataPath/conntrack.ts";
import { natDump, natTable } from "../dataPath/natTable.ts";
import type { Outcome } from "../kubelets/programs.ts";
import { ifstateDump, interfacesOf, programsOf, routesDump } from "./attachments.ts";
import type { ProgramCall, SimulatedImage, Spot } from "./images.ts";
import { iptablesRules } from "./iptablesRules.ts";

/** As a kernel's build begins its own; the release differs from node to node. */
const kernelBuild = "#1 SMP PREEMPT_DYNAMIC Fri Oct 30 04:16:27 UTC 2026";

/** What stands for the image calico/node: the programs that its image keeps and that tell of eBPF. */
export const calicoNode: SimulatedImage = {
  programs: {
    cat: ({ args, ...spot }) => printed(args.map((file) => files[file]?.(spot))),
    bpftool: ({ args, ...spot }) =>
      args.includes("net") ? { stdout: programsOf(spot) } : { exitCode: 255, stderr: "unknown command\n" },
    "calico-node": bpfCommand,
    "iptables-save": ({ node, nodes }) => ({ stdout: iptablesRules(nodes.network(), node) }),
    timeout: triesToConnect,
  },
  logs: felixLog,
};

const files: Readonly<Record<string, (spot: Spot) => string>> = {
  "/proc/sys/kernel/osrelease": (spot) => `${kernelOf(spot)}\n`,
  "/proc/sys/kernel/version": () => `${kernelBuild}\n`,
  "/proc/mounts": ({ node }) =>
    [
      "overlay / overlay rw,relatime 0 0",
      "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0",
      "sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0",
      ...(node.faults.hasNoBpffs === true
        ? []
        : ["bpf /sys/fs/bpf bpf rw,nosuid,nodev,noexec,relatime,mode=700 0 0"]),
      "",
    ].join("\n"),
};

function kernelOf({ node, nodes }: Spot): string {
  const instance = nodes.surroundings.nodes().find(({ nodeName }) => nodeName === node.name);
  return node.faults.kernel ?? instance?.kernel ?? "";
}

function printed(texts: readonly (string | undefined)[]): Outcome {
  const stdout = texts.map((text) => text ?? "").join("");
  return texts.includes(undefined)
    ? { stdout, stderr: "cat: No such file or directory\n", exitCode: 1 }
    : { stdout };
}

/** `calico-node -bpf …`. Where there are no maps it says so, and ends well all the same, as the real one does. */
function bpfCommand({ args, ...spot }: ProgramCall): Outcome {
  const [flag, what = "", verb] = args;
  const dump = dumps[what];
  if (flag !== "-bpf" || verb !== "dump" || dump === undefined) {
    return { exitCode: 1, stderr: `unknown command "${args.join(" ")}" for "calico-bpf"\n` };
  }
  if (!spot.node.bpf) {
    return {
      stderr: `[ERROR][4711] calico-bpf/${what}.go: Failed to dump ${what} maps error=no such file or directory\n`,
    };
  }
  return { stdout: dump(spot) };
}

const dumps: Readonly<Record<string, (spot: Spot) => string>> = {
  nat: ({ node, nodes }) => natDump(natTable(nodes.network(), node)),
  conntrack: ({ node, nodes }) => conntrackDump(nodes.trackedAt(node.name)),
  routes: (spot) => routesDump(spot),
  ifstate: (spot) => ifstateDump(interfacesOf(spot)),
  counters: (spot) =>
    interfacesOf(spot)
      .map(({ name }) => `===== Interface: ${name} =====\n`)
      .join(""),
};

/** `timeout SECONDS bash -c '</dev/tcp/HOST/PORT'`: whether something answers there. */
function triesToConnect({ args, node, nodes }: ProgramCall): Outcome {
  const [, host, port] = /\/dev\/tcp\/([^/\s]+)\/(\d+)/.exec(args.join(" ")) ?? [];
  const answers = host === nodes.surroundings.endpointHost() && port === "443";
  return answers && node.faults.cannotReachEndpoint !== true ? {} : { exitCode: 124 };
}

function felixLog({ node }: Spot): string[] {
  const line = (level: string, text: string) => `[${level}][73] felix/int_dataplane.go: ${text}`;
  const start = line("INFO", "Starting Felix");
  return node.bpf
    ? [
        start,
        line("INFO", "BPF enabled, starting BPF endpoint manager and map manager."),
        line("INFO", "Connect time load balancer enabled: TCP"),
      ]
    : [
        start,
        line("ERROR", "BPF dataplane mode enabled but not supported by the kernel.  Disabling BPF mode."),
      ];
}
