import { endpointNamespaces, kindOf } from "../../components/checks/existing/plan.ts";
import type { Access, ClusterSnapshot, FoundFelix } from "../../components/checks/existing/snapshot.ts";
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

const core = "/api/v1/namespaces/kube-system";
const apps = "/apis/apps/v1/namespaces/kube-system";

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
  const { get, list, listOfCalico } = readsBy(cluster, reading);
  const getEach = (folder: string, names: readonly string[]) =>
    Promise.all(names.map((name) => get(`${folder}/${name}`)));
  // When switching back only their number is used, and it may be unknown.
  const toBpf = settings.calico.dataplane === "BPF";
  const listNodes = toBpf ? list : readsBy(cluster, new Reading()).list;
  const operatorApps = `/apis/apps/v1/namespaces/${endpointNamespaces.operator}/deployments`;
  const [nodes = [], daemonSets = [], deployments = [], installation, tigera, others, felix, pools, maps] =
    await Promise.all([
      listNodes("/api/v1/nodes", nodeOf),
      list(`${apps}/daemonsets`, (object) => object as RawObject),
      list(`${apps}/deployments`, (object) => object as RawObject),
      get("/apis/operator.tigera.io/v1/installations/default"),
      get(`${operatorApps}/tigera-operator`),
      // What a manifest installs besides calico-node.
      getEach(`${apps}/deployments`, ["calico-typha", "calico-kube-controllers"]),
      listOfCalico("felixconfigurations", felixConfigurationOf),
      listOfCalico("ippools", poolOf),
      // Of kubeadm and of EKS.
      getEach(`${core}/configmaps`, ["kube-proxy", "kube-proxy-config"]),
    ]);
  const [apiServerServiceIps, dnsServiceIps] = await Promise.all([
    get("/api/v1/namespaces/default/services/kubernetes").then(serviceIpsOf),
    get(`${core}/services/kube-dns`).then(serviceIpsOf),
  ]);
  const named = (name: string) => daemonSets.find((one) => nameOf(one) === name);
  const [calicoNode, kubeProxy, vpcCni] = ["calico-node", "kube-proxy", "aws-node"].map(named);
  const operator = installation && operatorOf(installation, tigera !== undefined);
  const manifest =
    calicoNode &&
    manifestOf(
      calicoNode,
      others.filter((one) => one !== undefined),
    );
  const kind = kindOf({ operator, manifest });
  const foundFelix = felix.found && { apiVersion: felix.apiVersion, configurations: felix.found };
  const asksAws = toBpf && settings.calico.externalService === "DSR" && nodes.some((node) => node.instanceId);
  const [endpoint, forbidden, aws] = await Promise.all([
    kind && get(`/api/v1/namespaces/${endpointNamespaces[kind]}/configmaps/kubernetes-services-endpoint`),
    kind && foundFelix ? forbiddenAccess(cluster, kind, foundFelix) : [],
    asksAws ? fromAws(settings, nodes, reading) : undefined,
  ]);
  return {
    nodes,
    operator,
    manifest,
    felix: foundFelix,
    pools: pools.found ?? [],
    kubeProxy: kubeProxy && kubeProxyOf(kubeProxy, maps),
    endpoint: endpoint === undefined ? undefined : endpointOf(endpoint),
    apiServerServiceIps,
    dnsServiceIps,
    daemonSets: daemonSets.map(nameOf),
    vpcCni: vpcCni && vpcCniOf(vpcCni),
    dnsDeployments: deployments
      .filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns")
      .map(nameOf),
    aws,
    unread: reading.sorted(),
    forbidden,
  };
}

/** Reads by path; what is not permitted is recorded, and undefined. */
function readsBy(cluster: Cluster, reading: Reading) {
  const get = (path: string) => reading.of(accessTo("get", path), () => cluster.get<object>(path));
  const list = <T>(path: string, pick: (object: unknown) => T) =>
    reading.of(accessTo("list", path), () => cluster.list(path, pick));
  /** Lists a kind of Calico where the cluster stores it. */
  const listOfCalico = async <T>(
    plural: string,
    pick: (object: unknown) => T,
  ): Promise<{ apiVersion: FoundFelix["apiVersion"]; found: T[] | undefined }> => {
    for (const apiVersion of felixApiVersions) {
      const path = `/apis/${apiVersion}/${plural}`;
      const found = await list(path, pick);
      // What may not be read is assumed to exist.
      if (found !== undefined || reading.lacks(accessTo("list", path))) return { apiVersion, found };
    }
    return { apiVersion: felixApiVersions[0], found: undefined };
  };
  return { get, list, listOfCalico };
}

/** `/apis/apps/v1/namespaces/kube-system/daemonsets` → daemonsets.apps in kube-system. */
function accessTo(verb: string, path: string): Access {
  const [, group, namespace, plural] =
    /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)/.exec(path) ?? [];
  const resource = group === undefined ? `${plural}` : `${plural}.${group}`;
  return { verb, resource, ...(namespace === undefined ? {} : { namespace }) };
}
