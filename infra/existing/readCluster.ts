import { endpointNamespaces, kindOf } from "../../components/checks/existing/plan.ts";
import type { ClusterSnapshot, FoundFelix, FoundPool } from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import type { ApiReader } from "./apiReader.ts";
import { kubeProxyOf } from "./kubeProxyObject.ts";
import {
  endpointOf,
  felixConfigurationOf,
  imageVersionOf,
  manifestOf,
  nodeOf,
  operatorOf,
  poolOf,
  serviceIpsOf,
} from "./objects.ts";
import { forbiddenAccess } from "./permitted.ts";
import { nameOf, type RawObject } from "./rawObjects.ts";
import { readAws } from "./readAws.ts";
import { Reading } from "./unread.ts";

const system = "kube-system";

/** API versions that may store Calico's configuration, the older one first: where it is, it counts. */
const felixApiVersions = ["crd.projectcalico.org/v1", "projectcalico.org/v3"] as const;

/**
 * Reads from a cluster all that decides whether it can be taken as it is, and changes nothing.
 * @throws ReadError when the API server does not answer at all
 */
export async function readCluster(reader: ApiReader, settings: ExistingSettings): Promise<ClusterSnapshot> {
  // Whoever cannot read this much gets one answer, not twenty.
  await reader.get("/version");
  const reading = new Reading();
  // On the way back only their number is of use, and not knowing it is no hindrance.
  const toBpf = settings.calico.dataplane === "BPF";
  const [nodes = [], daemonSets = [], operator, others, felix, pools, services, proxyMaps, dns] =
    await Promise.all([
      (toBpf ? reading : new Reading()).of({ verb: "list", resource: "nodes" }, () =>
        reader.list("/api/v1/nodes", nodeOf),
      ),
      reading.of({ verb: "list", resource: "daemonsets.apps", namespace: system }, () =>
        reader.list(`/apis/apps/v1/namespaces/${system}/daemonsets`, (object) => object),
      ),
      readOperator(reader, reading),
      readDeployments(reader, reading),
      readFelix(reader, reading),
      readPools(reader, reading),
      readServices(reader, reading),
      readProxyMaps(reader, reading),
      readDns(reader, reading),
    ]);
  const named = (name: string) => daemonSets.find((one) => nameOf(one) === name);
  const calicoNode = named("calico-node");
  const kubeProxy = named("kube-proxy");
  const vpcCni = named("aws-node");
  const manifest = calicoNode === undefined ? undefined : manifestOf(calicoNode, others);
  const kind = kindOf({ operator, manifest });
  const asksAws = toBpf && settings.calico.externalService === "DSR" && nodes.some((node) => node.instanceId);
  const [endpoint, forbidden, aws] = await Promise.all([
    kind && readEndpoint(reader, reading, endpointNamespaces[kind]),
    kind && felix ? forbiddenAccess(reader, kind, felix) : [],
    asksAws ? readAws(settings, nodes, reading) : undefined,
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
    vpcCniVersion: vpcCni === undefined ? undefined : imageVersionOf(vpcCni),
    dnsDeployments: dns,
    aws,
    unread: reading.sorted(),
    forbidden,
  };
}

async function readOperator(reader: ApiReader, reading: Reading) {
  const namespace = endpointNamespaces.operator;
  const [installation, deployment] = await Promise.all([
    reading.of({ verb: "get", resource: "installations.operator.tigera.io" }, () =>
      reader.get("/apis/operator.tigera.io/v1/installations/default"),
    ),
    reading.of({ verb: "get", resource: "deployments.apps", namespace }, () =>
      reader.get(`/apis/apps/v1/namespaces/${namespace}/deployments/tigera-operator`),
    ),
  ]);
  return installation === undefined ? undefined : operatorOf(installation, deployment !== undefined);
}

/** What a manifest installs beside calico-node. */
async function readDeployments(reader: ApiReader, reading: Reading): Promise<unknown[]> {
  const names = ["calico-typha", "calico-kube-controllers"];
  const found = await Promise.all(
    names.map((name) =>
      reading.of({ verb: "get", resource: "deployments.apps", namespace: system }, () =>
        reader.get(`/apis/apps/v1/namespaces/${system}/deployments/${name}`),
      ),
    ),
  );
  return found.filter((one) => one !== undefined);
}

async function readFelix(reader: ApiReader, reading: Reading): Promise<FoundFelix | undefined> {
  const [apiVersion, configurations] = await readCalico(
    reader,
    reading,
    "felixconfigurations",
    felixConfigurationOf,
  );
  return configurations === undefined ? undefined : { apiVersion, configurations };
}

async function readPools(reader: ApiReader, reading: Reading): Promise<FoundPool[]> {
  const [, pools = []] = await readCalico(reader, reading, "ippools", poolOf);
  return pools;
}

/** Lists a kind of Calico's where the cluster stores it. */
async function readCalico<T>(
  reader: ApiReader,
  reading: Reading,
  plural: string,
  pick: (object: unknown) => T,
): Promise<[apiVersion: FoundFelix["apiVersion"], found: T[] | undefined]> {
  for (const apiVersion of felixApiVersions) {
    const [group] = apiVersion.split("/");
    let permitted = false;
    const found = await reading.of({ verb: "list", resource: `${plural}.${group}` }, async () => {
      const objects = await reader.list(`/apis/${apiVersion}/${plural}`, pick);
      permitted = true;
      return objects;
    });
    // What may not be seen is taken to be there.
    if (found !== undefined || !permitted) return [apiVersion, found];
  }
  return [felixApiVersions[0], undefined];
}

async function readServices(reader: ApiReader, reading: Reading) {
  const ips = async (namespace: string, name: string) =>
    serviceIpsOf(
      await reading.of({ verb: "get", resource: "services", namespace }, () =>
        reader.get(`/api/v1/namespaces/${namespace}/services/${name}`),
      ),
    );
  const [apiServerServiceIps, dnsServiceIps] = await Promise.all([
    ips("default", "kubernetes"),
    ips(system, "kube-dns"),
  ]);
  return { apiServerServiceIps, dnsServiceIps };
}

/** ConfigMaps of kubeadm and of EKS. */
async function readProxyMaps(reader: ApiReader, reading: Reading): Promise<unknown[]> {
  const maps = ["kube-proxy", "kube-proxy-config"].map((name) =>
    reading.of({ verb: "get", resource: "configmaps", namespace: system }, () =>
      reader.get(`/api/v1/namespaces/${system}/configmaps/${name}`),
    ),
  );
  return Promise.all(maps);
}

async function readDns(reader: ApiReader, reading: Reading): Promise<string[]> {
  const found = await reading.of({ verb: "list", resource: "deployments.apps", namespace: system }, () =>
    reader.list(`/apis/apps/v1/namespaces/${system}/deployments`, (object) => object as RawObject),
  );
  const dns = (found ?? []).filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
  return dns.map(nameOf);
}

async function readEndpoint(reader: ApiReader, reading: Reading, namespace: string) {
  const found = await reading.of({ verb: "get", resource: "configmaps", namespace }, () =>
    reader.get(`/api/v1/namespaces/${namespace}/configmaps/kubernetes-services-endpoint`),
  );
  return found === undefined ? undefined : endpointOf(found);
}
