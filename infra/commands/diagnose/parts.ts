import { vpcCniOf } from "../../existing/objects.ts";
import type { Live, Outcome } from "../verify/check.ts";
import { checks } from "../verify/checks/index.ts";
import { calicoVersion, hasVpcCni, installation, vpcCniDaemonSet } from "../verify/reading/calico.ts";
import { isOnEc2, nodeInterfaces, securityRules } from "../verify/reading/interfaces.ts";
import { calicoNodePods, nodes } from "../verify/reading/objects.ts";
import { outcomeLines } from "../verify/reports.ts";
import { judge } from "../verify/suite.ts";
import type { Collection } from "./collection.ts";

/** Names of the nodes that are inspected, those with a problem first. */
export async function chosenNodes(live: Live, outcomes: readonly Outcome[], most: number): Promise<string[]> {
  const suspects = outcomes
    .flatMap(({ findings }) => findings)
    .flatMap(({ node, verdict }) => (node !== undefined && verdict !== "passed" ? [node] : []));
  const all = (await nodes(live)).map(({ name }) => name);
  return [...new Set([...suspects, ...all])].filter((name) => all.includes(name)).slice(0, most);
}

const calico = "/apis/crd.projectcalico.org/v1";
const operator = "/apis/operator.tigera.io/v1";

/** Objects and lists by the file that they go into. Never add Secrets. */
const paths: Readonly<Record<string, string>> = {
  nodes: "/api/v1/nodes",
  installation: `${operator}/installations`,
  "api-server": `${operator}/apiservers`,
  "tigera-statuses": `${operator}/tigerastatuses`,
  "felix-configurations": `${calico}/felixconfigurations`,
  "ip-pools": `${calico}/ippools`,
  "block-affinities": `${calico}/blockaffinities`,
  "calico-daemon-sets": "/apis/apps/v1/namespaces/calico-system/daemonsets",
  "calico-deployments": "/apis/apps/v1/namespaces/calico-system/deployments",
  "calico-pods": "/api/v1/namespaces/calico-system/pods",
  "operator-deployments": "/apis/apps/v1/namespaces/tigera-operator/deployments",
  "operator-pods": "/api/v1/namespaces/tigera-operator/pods",
  "system-daemon-sets": "/apis/apps/v1/namespaces/kube-system/daemonsets",
  "system-deployments": "/apis/apps/v1/namespaces/kube-system/deployments",
  "validating-webhooks": "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
  "mutating-webhooks": "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
  "api-services": "/apis/apiregistration.k8s.io/v1/apiservices",
  "load-balancers-and-other-services": "/api/v1/services",
};

const endpointMaps = ["tigera-operator", "kube-system"] as const;

/** Collects the API objects of Calico and of what it depends on. */
export async function collectObjects({ cluster }: Live, collection: Collection): Promise<void> {
  const lists = Object.entries(paths).map(([name, path]) =>
    collection.attempt(`GET ${path}`, async () => {
      const found = await cluster.list(path, (object) => object);
      if (found !== undefined) collection.addObject(`objects/${name}.json`, found);
    }),
  );
  const maps = endpointMaps.map((namespace) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/kubernetes-services-endpoint`;
    return collection.attempt(`GET ${path}`, async () => {
      const found = await cluster.get(path);
      if (found !== undefined) collection.addObject(`objects/endpoint-${namespace}.json`, found);
    });
  });
  await Promise.all([...lists, ...maps]);
}

/** Namespaces, and which of their pods; without a selector all. */
const logged: readonly { readonly namespace: string; readonly labelSelector?: string }[] = [
  { namespace: "calico-system" },
  { namespace: "tigera-operator" },
  { namespace: "calico-apiserver" },
  { namespace: "kube-system", labelSelector: "k8s-app=aws-node" },
];

/** Apps on every node, whose logs are collected only of the nodes that are inspected. */
const onEveryNode = ["calico-node", "aws-node"];

const tailLines = 5000;

interface RawPod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string }[] };
  readonly status?: {
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount?: number }[];
  };
}

/**
 * Collects the logs of Calico, its operator and the AWS VPC CNI, and of containers before their last restart.
 * @param nodeNames logs of what runs on every node are collected only on these nodes
 */
export async function collectLogs(
  live: Live,
  collection: Collection,
  nodeNames: readonly string[],
): Promise<void> {
  await Promise.all(logged.map((pods) => ofNamespace(live, collection, pods, nodeNames)));
}

async function ofNamespace(
  { cluster }: Live,
  collection: Collection,
  { namespace, labelSelector }: (typeof logged)[number],
  nodeNames: readonly string[],
): Promise<void> {
  await collection.attempt(`pods of ${namespace}`, async () => {
    const query = labelSelector === undefined ? {} : { labelSelector };
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const pods = (await cluster.list(path, (object) => object as RawPod, query)) ?? [];
    const chosen = pods.filter(
      ({ metadata, spec }) =>
        !onEveryNode.includes(metadata.labels?.["k8s-app"] ?? "") || nodeNames.includes(spec.nodeName ?? ""),
    );
    const logs = chosen.flatMap(({ metadata: { name: pod }, spec, status }) =>
      spec.containers.flatMap(({ name: container }) => {
        const restarts = status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;
        return [false, ...(restarts > 0 ? [true] : [])].map((previous) => ({ pod, container, previous }));
      }),
    );
    await Promise.all(
      logs.map(({ pod, container, previous }) =>
        collection.attempt(`log of ${namespace}/${pod}, ${container}`, async () => {
          const text = await cluster.logs({ namespace, pod, container, tailLines, previous });
          const file = previous ? `${container}.before-restart.log` : `${container}.log`;
          collection.addText(`logs/${namespace}/${pod}/${file}`, text);
        }),
      ),
    );
  });
}

/** Namespaces of Calico and of what it depends on; nodes have their events in the last. */
const eventNamespaces = [
  "calico-system",
  "tigera-operator",
  "calico-apiserver",
  "kube-system",
  "default",
] as const;

interface RawEvent {
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly count?: number;
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

/** Collects events, a line each, oldest first. */
export async function collectEvents({ cluster }: Live, collection: Collection): Promise<void> {
  await Promise.all(
    eventNamespaces.map((namespace) =>
      collection.attempt(`events of ${namespace}`, async () => {
        const lines = await cluster.list(`/api/v1/namespaces/${namespace}/events`, lineOf);
        if (lines === undefined || lines.length === 0) return;
        collection.addText(`events/${namespace}.txt`, `${lines.toSorted().join("\n")}\n`);
      }),
    ),
  );
}

function lineOf(object: unknown): string {
  const { lastTimestamp, eventTime, count = 1, type, reason, message, involvedObject } = object as RawEvent;
  const about = `${involvedObject?.kind} ${involvedObject?.name}`;
  return `${lastTimestamp ?? eventTime ?? "-"} ${type} ${reason} ${about}: ${message} (${count} times)`;
}

/** Lines of one dump: connections of a busy node are hundreds of thousands. */
const mostLines = 5000;

/** Commands run in calico-node, by the file for their output. All are read-only. */
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

/** Collects dumps of the eBPF maps and other facts about a node, from within its calico-node. */
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

/** Collects the nodes' network interfaces and security groups from EC2. */
export async function collectAws(live: Live, collection: Collection): Promise<void> {
  await collection.attempt("EC2", async () => {
    if ((await isOnEc2(live)) !== true) return;
    collection.addObject("aws/interfaces.json", await nodeInterfaces(live));
    collection.addObject("aws/security-group-rules.json", await securityRules(live));
  });
}

/** Runs every read-only check, and collects the results. */
export async function collectChecks(live: Live, collection: Collection): Promise<Outcome[]> {
  const looking = checks.filter(({ needs }) => !needs.includes("workloads"));
  const width = Math.max(...looking.map(({ name }) => name.length));
  const outcomes = await Promise.all(
    looking.map(async (check) => ({ check, outcome: await judge(check, live) })),
  );
  const lines = outcomes.flatMap(({ check, outcome }) => outcomeLines(outcome, check, width));
  collection.addText("checks.txt", `${lines.join("\n")}\n`);
  const found = outcomes.map(({ outcome }) => outcome);
  collection.addObject("checks.json", found);
  return found;
}

/** Collects the versions of everything that has one. */
export async function collectVersions(live: Live, collection: Collection): Promise<void> {
  await collection.attempt("versions", async () => {
    const [kubernetes, calico, operators, onVpcCni, awsNode] = await Promise.all([
      live.cluster.get("/version"),
      calicoVersion(live),
      installation(live),
      hasVpcCni(live),
      vpcCniDaemonSet(live),
    ]);
    const { conditions, ...status } = { ...operators?.status };
    collection.addObject("versions.json", {
      kubernetes,
      calico,
      cni: onVpcCni ? "AmazonVPC" : "Calico",
      ...(awsNode === undefined ? {} : { vpcCni: vpcCniOf(awsNode).version ?? "unknown" }),
      installation: { status, conditions },
      stack: live.target.expected,
      node: process.version,
    });
  });
}
