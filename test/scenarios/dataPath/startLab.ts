import { setTimeout as sleep } from "node:timers/promises";
import { ec2Host } from "../../simulator/dataPath/awsEndpoints.ts";
import { DataPath } from "../../simulator/dataPath/dataPath.ts";
import type { PortRule } from "../../simulator/dataPath/firewall.ts";
import type { NodePrograms } from "../../simulator/dataPath/labNode.ts";
import type { LabInstance } from "../../simulator/dataPath/networkInterfaces.ts";
import type { Space } from "../../simulator/dataPath/space.ts";
import { Api } from "../../simulator/realKubernetes/api.ts";
import { Client } from "../../simulator/realKubernetes/client.ts";
import { type Cluster, firstAddress, startCluster } from "../../simulator/realKubernetes/cluster.ts";
import { calicoCrds } from "../../toolchain/calicoCrds.ts";
import type { KubernetesTools } from "../../toolchain/kubernetesTools.ts";

export const endpointHost = "a9f372f10eb1271a61fc61449fc29dd3.gr7.eu-west-1.eks.amazonaws.com";
/** Address of the control plane in the VPC. */
export const controlPlaneIp = "10.40.255.10";
const serviceCidr = "172.20.0.0/16";

/** A lab of the tests: a control plane, a VPC and what is in it. */
export interface Lab {
  readonly api: Api;
  readonly cluster: Cluster;
  readonly dataPath: DataPath;
  /** A machine in another subnet of the VPC, which no security group guards. */
  readonly client: Space;
  /** Whether the nodes' role may call an action of EC2. Default: everything. */
  allows: (instance: LabInstance, action: string) => boolean;
  stop(): Promise<void>;
}

/** Everything among nodes and from the VPC, and everything out. */
export const openRules: { readonly ingress: readonly PortRule[]; readonly egress: readonly PortRule[] } = {
  ingress: [{ protocol: "-1", peers: ["10.40.0.0/16"] }],
  egress: [{ protocol: "-1", peers: ["0.0.0.0/0"] }],
};

export async function startLab(tools: KubernetesTools, programs: NodePrograms): Promise<Lab> {
  const cluster = await startCluster(tools, serviceCidr, () => {}, {
    names: [endpointHost, ec2Host("eu-west-1")],
  });
  const api = new Api(new Client(cluster.address));
  const { crds } = await calicoCrds();
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await Promise.all(
    crds.map((body) => api.client.send({ method: "POST", path, body, contentType: "application/yaml" })),
  );
  for (const kind of ["IPPool", "FelixConfiguration"]) {
    while (!(await api.serves({ apiVersion: "crd.projectcalico.org/v1", kind }))) await sleep(100);
  }
  await api.apply(kubernetesEndpoint, { manager: "lab" });
  const lab: Pick<Lab, "allows"> = { allows: () => true };
  const dataPath = await DataPath.start({
    controlPlane: {
      api,
      address: cluster.address,
      host: endpointHost,
      ip: controlPlaneIp,
      kubernetesService: firstAddress(serviceCidr),
    },
    programs,
    aws: {
      region: "eu-west-1",
      account: "123456789012",
      certificate: cluster.ownCertificate,
      allows: (instance, action) => lab.allows(instance, action),
    },
  });
  const client = await dataPath.addClient("client", {
    ip: "10.40.200.50",
    prefixLength: 24,
    gateway: "10.40.200.1",
  });
  return Object.assign(lab, {
    api,
    cluster,
    dataPath,
    client,
    stop: async () => {
      await dataPath.stop();
      api.client.close();
      await cluster.stop();
    },
  });
}

/** Starts node N: node 1 is 10.40.0.11 in the first subnet, 10.40.1.11 in the second. */
export function addNode({ dataPath }: Lab, number: number, subnet: 0 | 1 = 0): Promise<unknown> {
  const ip = `10.40.${subnet}.${10 + number}`;
  const suffix = String(number).padStart(17, "0");
  return dataPath.addNode({
    id: `i-${suffix}`,
    nodeName: `n${number}`,
    ip,
    networkInterfaceId: `eni-${suffix}`,
    subnetId: subnet === 0 ? "subnet-a" : "subnet-b",
    roleArn: "arn:aws:iam::123456789012:role/node",
    sourceDestCheck: true,
    connection: { ip, prefixLength: 24, gateway: `10.40.${subnet}.1`, rules: openRules },
    labels: { "topology.kubernetes.io/zone": "eu-west-1a" },
  });
}

/** The API server says where it is only to itself here. */
const kubernetesEndpoint = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "kubernetes",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "kubernetes" },
  },
  addressType: "IPv4",
  endpoints: [{ addresses: [controlPlaneIp], conditions: { ready: true } }],
  ports: [{ name: "https", port: 443, protocol: "TCP" }],
};
