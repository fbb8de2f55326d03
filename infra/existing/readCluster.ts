import { endpointNamespaces, kindOf } from "../../components/checks/existing/plan.ts";
import type { ClusterSnapshot, FoundFelix, FoundPool } from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { kubeProxyOf } from "./kubeProxyObject.ts";
import {
  endpointOf,
  felixConfigurationOf,
  manifestOf,
  nodeOf,
  operatorOf,
  poolOf,
  serviceIpsOf,
  vpcCniOf,
} from "./objects.ts";
import { forbiddenAccess } from "./permitted.ts";
import { nameOf, type RawObject } from "./rawObjects.ts";
import { readAws } from "./readAws.ts";
import { Reading } from "./unread.ts";

const system = "kube-system";

/** API versions that may store Calico's configuration, the older one first: where it exists, it is used. */
const felixApiVersions = ["crd.projectcalico.org/v1", "projectcalico.org/v3"] as const;

/**
 * Reads from a cluster everything that decides whether it can be adopted, and changes nothing.
 * @param fromAws reads what AWS says of the nodes
 * @throws ClusterError when the API server does not answer at all
 */
export async function readCluster(
  cluster: Cluster,
  settings: ExistingSettings,
  fromAws: typeof readAws = readAws,
): Promise<ClusterSnapshot> {
  // Without this much access there is one error, not twenty.
  await cluster.get("/version");
  const reading = new Reading();
  // When switching back only their number is used, and it may be unknown.
  const toBpf = settings.calico.dataplane === "BPF";
  const [nodes = [], daemonSets = [], operator, others, felix, pools, services, proxyMaps, dns] =
    await Promise.all([
      (toBpf ? reading : new Reading()).of({ verb: "list", resource: "nodes" }, () =>
        cluster.list("/api/v1/nodes", nodeOf),
      ),
      reading.of({ verb: "list", resource: "daemonsets.apps", namespace: system }, () =>
        cluster.list(`/apis/apps/v1/namespaces/${system}/daemonsets`, (object) => object),
      ),
      readOperator(cluster, reading),
      readDeployments(cluster, reading),
      readFelix(cluster, reading),
      readPools(cluster, reading),
      readServices(cluster, reading),
      readProxyMaps(cluster, reading),
      readDns(cluster, reading),
    ]);
  const named = (name: string) => daemonSets.find((one) => nameOf(one) === name);
  const calicoNode = named("calico-node");
  const kubeProxy = named("kube-proxy");
  const vpcCni = named("aws-node");
  const manifest = calicoNode === undefined ? undefined : manifestOf(calicoNode, others);
  const kind = kindOf({ operator, manifest });
  const asksAws = toBpf && settings.calico.externalService === "DSR" && nodes.some((node) => node.instanceId);
  const [endpoint, forbidden, aws] = await Promise.all([
    kind && readEndpoint(cluster, reading, endpointNamespaces[kind]),
    kind && felix ? forbiddenAccess(cluster, kind, felix) : [],
    asksAws ? fromAws(settings, nodes, reading) : undefined,
  ]);
  return {
    nodes,
    operator,
    manifest,
    felix,
    pools,
    kubeProxy: kubeProxy === undefined ? undefined : kubeProxyOf(kubeProxy, proxyMaps),
    endpoint,
    ...services,
    daemonSets: daemonSets.map(nameOf),
    vpcCni: vpcCni === undefined ? undefined : vpcCniOf(vpcCni),
    dnsDeployments: dns,
    aws,
    unread: reading.sorted(),
    forbidden,
  };
}

async function readOperator(cluster: Cluster, reading: Reading) {
  const namespace = endpointNamespaces.operator;
  const [installation, deployment] = await Promise.all([
    reading.of({ verb: "get", resource: "installations.operator.tigera.io" }, () =>
      cluster.get("/apis/operator.tigera.io/v1/installations/default"),
    ),
    reading.of({ verb: "get", resource: "deployments.apps", namespace }, () =>
      cluster.get(`/apis/apps/v1/namespaces/${namespace}/deployments/tigera-operator`),
    ),
  ]);
  return installation === undefined ? undefined : operatorOf(installation, deployment !== undefined);
}

/** What a manifest installs besides calico-node. */
async function readDeployments(cluster: Cluster, reading: Reading): Promise<unknown[]> {
  const names = ["calico-typha", "calico-kube-controllers"];
  const found = await Promise.all(
    names.map((name) =>
      reading.of({ verb: "get", resource: "deployments.apps", namespace: system }, () =>
        cluster.get(`/apis/apps/v1/namespaces/${system}/deployments/${name}`),
      ),
    ),
  );
  return found.filter((one) => one !== undefined);
}

async function readFelix(cluster: Cluster, reading: Reading): Promise<FoundFelix | undefined> {
  const [apiVersion, configurations] = await readCalico(
    cluster,
    reading,
    "felixconfigurations",
    felixConfigurationOf,
  );
  return configurations === undefined ? undefined : { apiVersion, configurations };
}

async function readPools(cluster: Cluster, reading: Reading): Promise<FoundPool[]> {
  const [, pools = []] = await readCalico(cluster, reading, "ippools", poolOf);
  return pools;
}

/** Lists a Calico kind where the cluster stores it. */
async function readCalico<T>(
  cluster: Cluster,
  reading: Reading,
  plural: string,
  pick: (object: unknown) => T,
): Promise<[apiVersion: FoundFelix["apiVersion"], found: T[] | undefined]> {
  for (const apiVersion of felixApiVersions) {
    const [group] = apiVersion.split("/");
    let permitted = false;
    const found = await reading.of({ verb: "list", resource: `${plural}.${group}` }, async () => {
      const objects = await cluster.list(`/apis/${apiVersion}/${plural}`, pick);
      permitted = true;
      return objects;
    });
    // What may not be read is assumed to exist.
    if (found !== undefined || !permitted) return [apiVersion, found];
  }
  return [felixApiVersions[0], undefined];
}

async function readServices(cluster: Cluster, reading: Reading) {
  const ips = async (namespace: string, name: string) =>
    serviceIpsOf(
      await reading.of({ verb: "get", resource: "services", namespace }, () =>
        cluster.get(`/api/v1/namespaces/${namespace}/services/${name}`),
      ),
    );
  const [apiServerServiceIps, dnsServiceIps] = await Promise.all([
    ips("default", "kubernetes"),
    ips(system, "kube-dns"),
  ]);
  return { apiServerServiceIps, dnsServiceIps };
}

/** ConfigMaps of kubeadm and of EKS. */
async function readProxyMaps(cluster: Cluster, reading: Reading): Promise<unknown[]> {
  const maps = ["kube-proxy", "kube-proxy-config"].map((name) =>
    reading.of({ verb: "get", resource: "configmaps", namespace: system }, () =>
      cluster.get(`/api/v1/namespaces/${system}/configmaps/${name}`),
    ),
  );
  return Promise.all(maps);
}

async function readDns(cluster: Cluster, reading: Reading): Promise<string[]> {
  const found = await reading.of({ verb: "list", resource: "deployments.apps", namespace: system }, () =>
    cluster.list(`/apis/apps/v1/namespaces/${system}/deployments`, (object) => object as RawObject),
  );
  const dns = (found ?? []).filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
  return dns.map(nameOf);
}

async function readEndpoint(cluster: Cluster, reading: Reading, namespace: string) {
  const found = await reading.of({ verb: "get", resource: "configmaps", namespace }, () =>
    cluster.get(`/api/v1/namespaces/${namespace}/configmaps/kubernetes-services-endpoint`),
  );
  return found === undefined ? undefined : endpointOf(found);
}
