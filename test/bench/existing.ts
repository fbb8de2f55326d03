import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { openAmongNodes, startEc2 } from "../simulator/existing/ec2Endpoint.ts";
import { instancesOf } from "../simulator/existing/instances.ts";
import { apiServerAddress, commonSeeds, manifestSeeds } from "../simulator/existing/seeds.ts";
import type { KubernetesObject } from "../simulator/kubernetes/object.ts";
import { Api } from "../simulator/realKubernetes/api.ts";
import { Client } from "../simulator/realKubernetes/client.ts";
import { startCluster } from "../simulator/realKubernetes/cluster.ts";
import type { Instance } from "../simulator/world/instance.ts";
import { calicoCrds } from "../toolchain/calicoCrds.ts";
import { presentKubernetesTools } from "../toolchain/kubernetesTools.ts";
import type { Figure } from "./measure.ts";
import type { ReadingReport } from "./readExisting.ts";

const nodeCount = 500;

/** Images that a node lists by default (kubelet nodeStatusMaxImages): most of what it weighs. */
const imageCount = 50;

const manager = { manager: "bench" };

/** How long, and with how much memory, a cluster of 500 nodes is read and judged; none without a real API server. */
export async function existingFigures(root: string, say: (line: string) => void): Promise<Figure[]> {
  const tools = await presentKubernetesTools();
  if (tools === undefined) {
    say(
      "An existing cluster: not measured; `npm run rehearse -- --kubernetes real` builds what it takes, once",
    );
    return [];
  }
  const instances = instancesOf(nodeCount);
  const ec2 = await startEc2({ instances, rules: [openAmongNodes] });
  const cluster = await startCluster(tools, "172.20.0.0/16");
  const api = new Api(new Client(cluster.address));
  try {
    await seed(api, instances);
    const { host, port } = apiServerAddress;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(root, "test/bench/readExisting.ts"), cluster.kubeconfigFile, host, String(port)],
      {
        env: { AWS_ENDPOINT_URL_EC2: ec2.url, AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
      },
    );
    return figures(JSON.parse(stdout));
  } finally {
    api.client.close();
    await cluster.stop();
    await ec2.stop();
  }
}

function figures({ seconds, mib, requests, nodes, interfaces, problems }: ReadingReport): Figure[] {
  if (nodes !== nodeCount || interfaces !== nodeCount || problems.length > 0) {
    throw new Error(
      `the benchmark's own cluster was not read: ${JSON.stringify({ nodes, interfaces, problems })}`,
    );
  }
  const detail = "read from a real API server and a fake EC2, libraries and rules included";
  return [
    { name: `preconditions of ${nodeCount} nodes, time`, found: seconds, unit: " s", detail },
    {
      name: `preconditions of ${nodeCount} nodes, requests`,
      found: requests,
      limit: 60,
      unit: "",
      detail: "to the API server and to EC2, page by page",
    },
    { name: `preconditions of ${nodeCount} nodes, memory`, found: mib, limit: 600, unit: " MiB", detail },
  ];
}

async function seed(api: Api, instances: readonly Instance[]): Promise<void> {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const { crds } = await calicoCrds();
  const contentType = "application/yaml";
  await Promise.all(crds.map((body) => api.client.send({ method: "POST", path, body, contentType })));
  for (const object of [...commonSeeds, ...manifestSeeds].map(withoutPods)) {
    while (!(await api.serves(object))) await new Promise((later) => setTimeout(later, 100));
    await api.create(object, manager);
  }
  await Promise.all(instances.map((instance) => register(api, instance)));
}

interface PodTemplate {
  readonly spec: { readonly template: { readonly spec: Record<string, unknown> } };
}

/** Pods are not what is read: fifteen hundred of them would only keep the machine busy. */
function withoutPods(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "DaemonSet") return object;
  const copy = structuredClone(object) as KubernetesObject & PodTemplate;
  copy.spec.template.spec["nodeSelector"] = { "kubernetes.io/os": "none" };
  return copy;
}

async function register(api: Api, { id, nodeName, kernel }: Instance): Promise<void> {
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: nodeName, labels: { "topology.kubernetes.io/region": "eu-west-1" } },
    spec: { providerID: `aws:///eu-west-1a/${id}` },
  };
  await api.create(node, manager);
  const nodeInfo = {
    architecture: "amd64",
    bootID: id,
    containerRuntimeVersion: "containerd://2.1.4",
    kernelVersion: kernel,
    kubeProxyVersion: "",
    kubeletVersion: "v1.35.4",
    machineID: id,
    operatingSystem: "linux",
    osImage: "Amazon Linux 2023",
    systemUUID: id,
  };
  const images = Array.from({ length: imageCount }, (_, index) => ({
    names: [
      `registry.example.com/team/some-service-${index}@sha256:${String(index).padStart(64, "0")}`,
      `registry.example.com/team/some-service-${index}:v1.${index}.0`,
    ],
    sizeBytes: 100_000_000 + index,
  }));
  await api.merge(node, { status: { nodeInfo, images } }, "kubelet", "status");
}
