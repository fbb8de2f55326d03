import type { Live } from "../../verify/check.ts";
import { calicoNodePods } from "../../verify/reading/pods.ts";
import type { Collection } from "../collection.ts";

/** Lines of one dump: connections of a busy node are hundreds of thousands. */
const mostLines = 5000;

/** What is run in calico-node, by the file that its output goes into. All of it only looks. */
const commands: Readonly<Record<string, string>> = {
  "kernel.txt": "cat /proc/sys/kernel/osrelease /proc/sys/kernel/version",
  "mounts.txt": "cat /proc/mounts",
  "programs.txt": "bpftool net",
  "nat.txt": "calico-node -bpf nat dump",
  "routes.txt": "calico-node -bpf routes dump",
  "conntrack.txt": "calico-node -bpf conntrack dump",
  "ifstate.txt": "calico-node -bpf ifstate dump",
  "counters.txt": "calico-node -bpf counters dump",
  "iptables.txt": "iptables-save",
};

const secondsPerNode = 60;

const mark = "=====";

/** Collects dumps of the eBPF maps and what else a node tells, from within its calico-node. */
export async function collectNodes(
  live: Live,
  collection: Collection,
  nodeNames: readonly string[],
): Promise<void> {
  const byNode = new Map((await calicoNodePods(live)).map((pod) => [pod.nodeName, pod]));
  await Promise.all(
    nodeNames.map((node) =>
      collection.attempt(`node ${node}`, async () => {
        const pod = byNode.get(node);
        if (pod === undefined) throw new Error("no calico-node runs there");
        const { stdout } = await live.cluster.exec({
          namespace: pod.namespace,
          pod: pod.name,
          container: "calico-node",
          command: ["bash", "-c", script],
          timeoutSeconds: secondsPerNode,
        });
        const parts = stdout.split(`${mark}\n`);
        Object.keys(commands).forEach((file, index) => {
          collection.addText(`nodes/${node}/${file}`, parts[index] ?? "");
        });
      }),
    ),
  );
}

const script = Object.values(commands)
  .map((command) => `{ ${command}; } 2>&1 | tail -n ${mostLines}`)
  .join(`; echo ${mark}; `);
