import { Buffer } from "node:buffer";
import { delimiter } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chosenProgram } from "../../../infra/chosenProgram.ts";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { record, recordRefusal } from "../../../infra/commands/shared/plan/recorder.ts";
import { configTexts } from "../../../infra/commands/shared/stackSettings.ts";
import { kubeconfigFile, kubeconfigFor } from "../../simulator/existing/accounts.ts";
import { everything, settled } from "../../simulator/existing/everything.ts";
import { fakeAwsCli } from "../../simulator/existing/fakeAwsCli.ts";
import { instancesOf } from "../../simulator/existing/instances.ts";
import { manifestSeeds, vpcCniSeeds } from "../../simulator/existing/seeds.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { find, registered } from "../../support/graph.ts";
import { configOf, startExisting, stopAll, temporaryFolder } from "./existingStart.ts";
import { onRealParts, parts } from "./parts.ts";

afterEach(stopAll);

/** The lines of the one error, and what was registered before. */
async function refused(config: Readonly<Record<string, unknown>>) {
  const { error, resources } = await recordRefusal(chosenProgram, { config: configTexts(config) });
  const [, ...lines] = String(error instanceof Error ? error.message : error).split("\n  ");
  return { lines, registered: registered(resources) };
}

/** Begins of the lines, in order. */
const paths = (lines: readonly string[]) => lines.map((line) => line.split(": ")[0]);

const kubeProxyName = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "kube-proxy", namespace: "kube-system" },
};
const felixName = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
};

describe.skipIf(parts === undefined)(onRealParts, { timeout: 300_000 }, () => {
  it("an account without permissions sees each missing verb and resource", async () => {
    const { api, cluster } = await startExisting({ calico: ["operator"] });
    const stranger = await kubeconfigFor(api, cluster.address, "stranger", [], await temporaryFolder());

    const { lines, registered: all } = await refused(configOf(stranger));

    expect(all).toEqual([]);
    expect(paths(lines)).toEqual([
      "get configmaps in kube-system",
      "list daemonsets.apps in kube-system",
      "get deployments.apps in kube-system",
      "list deployments.apps in kube-system",
      "get deployments.apps in tigera-operator",
      "list felixconfigurations.crd.projectcalico.org",
      "get installations.operator.tigera.io",
      "list ippools.crd.projectcalico.org",
      "list nodes",
      "get services in default",
      "get services in kube-system",
    ]);
    expect(lines[8]).toBe(
      'list nodes: unknown: nodes is forbidden: User "system:serviceaccount:default:stranger" cannot list resource "nodes" in API group "" at the cluster scope; what cannot be read cannot be checked. Allow list nodes.',
    );
  });

  it("a read-only account sees what would have to be changed, and a wrong token is distinguished", async () => {
    const { api, cluster } = await startExisting({ calico: ["manifest"] });
    const look = { verbs: ["get", "list", "watch"], apiGroups: ["*"], resources: ["*"] };
    const viewer = await kubeconfigFor(api, cluster.address, "viewer", [look], await temporaryFolder());

    expect((await refused(configOf(viewer))).lines).toEqual(
      [
        "create, patch, delete configmaps in kube-system",
        "patch felixconfigurations.crd.projectcalico.org",
        "patch daemonsets.apps in kube-system",
        "patch deployments.apps in kube-system",
        "patch, create, delete jobs.batch in kube-system",
      ].map((what) => `${what}: it is not permitted; this program would stop halfway. Allow ${what}.`),
    );
    expect(
      (await refused(configOf(kubeconfigFile(cluster.address, { token: "wrong" }, await temporaryFolder()))))
        .lines,
    ).toEqual([
      `cluster.existing: ${cluster.address.url}: the credentials are not accepted (401): they have expired, or belong to another cluster; the cluster must be read before anything is changed. Check that this machine can reach it, and the credentials.`,
    ]);
  });

  it("all that is wrong with a cluster comes in one error, and nothing is changed", async () => {
    const [first, ...others] = instancesOf(3);
    if (first === undefined) throw new Error("no instance");
    const instances = [{ ...first, kernel: "4.14.1-1.amzn2.x86_64", sourceDestCheck: true }, ...others];
    const { api, kubeconfigFile: file } = await startExisting({
      calico: ["operator"],
      instances,
      ec2: { denied: ["DescribeSecurityGroupRules"] },
    });
    const endpoint = { name: "kubernetes-services-endpoint", namespace: "tigera-operator" };
    const seeds: KubernetesObject[] = [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: endpoint,
        data: { KUBERNETES_SERVICE_HOST: "10.0.0.1" },
      },
      {
        apiVersion: "crd.projectcalico.org/v1",
        kind: "IPPool",
        metadata: { name: "old" },
        spec: { cidr: "10.9.0.0/16", ipipMode: "Always" },
      },
    ];
    for (const seed of seeds) await api.create(seed, { manager: "kubectl-create" });
    const config = { data: { "config.conf": "mode: ipvs\n" } };
    await api.merge(
      { apiVersion: "v1", kind: "ConfigMap", metadata: kubeProxyName.metadata },
      config,
      "kubectl-edit",
    );
    await api.merge(
      kubeProxyName,
      { metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } },
      "helm",
    );
    const spec = { bpfEnabled: true, bpfKubeProxyHealthzPort: 0 };
    await api.merge(
      felixName,
      { metadata: { annotations: { "operator.tigera.io/bpfEnabled": null } }, spec },
      "kubectl-edit",
    );
    const before = await settled(api);

    const { lines, registered: all } = await refused(configOf(file, {}, { host: "172.20.0.1", port: 443 }));

    expect(all).toEqual([]);
    expect(paths(lines)).toEqual([
      "ec2:DescribeSecurityGroupRules",
      "ConfigMap kubernetes-services-endpoint, KUBERNETES_SERVICE_HOST",
      "ConfigMap kubernetes-services-endpoint, KUBERNETES_SERVICE_PORT",
      "FelixConfiguration default, spec.bpfEnabled",
      "FelixConfiguration default, spec.bpfKubeProxyHealthzPort",
      "cluster.existing.apiServer.host",
      "IPPool old",
      "DaemonSet kube-proxy, mode",
      "DaemonSet kube-proxy",
      "node ip-10-40-0-4.eu-west-1.compute.internal, kernel",
    ]);
    expect(await everything(api)).toEqual(before);
  });

  it("a cluster without Calico, and one with an unknown Calico, are distinguished", async () => {
    const { api, kubeconfigFile: file } = await startExisting({ calico: [] });

    expect(paths((await refused(configOf(file))).lines)).toEqual(["Calico"]);

    const [calicoNode] = manifestSeeds;
    const text = JSON.stringify(calicoNode).replace("v3.32.4", "v3.20.0");
    await api.create(JSON.parse(text), { manager: "kubectl-create" });
    const { lines } = await refused(configOf(file));

    // Of a Calico so old, the kernels are known to be bad.
    expect(paths(lines)).toEqual([
      "FelixConfiguration default",
      "Calico",
      expect.stringMatching(/^nodes ip-10-40-0-4\S+ ip-10-40-0-5\S+ and ip-10-40-0-6\S+ kernel$/),
    ]);
    expect(lines[1]).toMatch(/^Calico: 3\.20\.0 is not a known release; /);
  });

  it("a VPC CNI that drops Calico's packets, and another one than the stack says, are refused", async () => {
    const { kubeconfigFile: file } = await startExisting({
      calico: ["operator"],
      seeds: vpcCniSeeds("1.23.1"),
    });

    expect(paths((await refused(configOf(file, { calico: { cni: "Calico" } }))).lines)).toEqual([
      "calico.cni",
      "calico.externalService",
      "DaemonSet aws-node",
    ]);
  });

  it("an EKS cluster is found by its name, and read with tokens of the aws CLI", async () => {
    const { cluster } = await startExisting({ calico: ["operator"] });
    const { url, certificate, token } = cluster.address;
    const folder = await temporaryFolder();
    fakeAwsCli(token, folder);
    vi.stubEnv("PATH", `${folder}${delimiter}${ownEnvironment()["PATH"]}`);
    const config = configTexts({
      "aws:region": "eu-west-1",
      "calico-ebpf-eks:cluster": { existing: { eksName: "platform" } },
    });
    const data = Buffer.from(certificate).toString("base64");
    const answers = {
      "aws:eks/getCluster:getCluster": () => ({ endpoint: url, certificateAuthorities: [{ data }] }),
    };

    const { resources, result } = await record(chosenProgram, { config, answers });

    const { hostname, port } = new URL(url);
    expect(result).toMatchObject({ calicoInstalledBy: "operator", apiServer: `${hostname}:${port}` });
    expect(find(resources, "pulumi:providers:kubernetes").inputs["kubeconfig"]).not.toContain(token);

    const unknown = { "aws:eks/getCluster:getCluster": () => Promise.reject(new Error("none")) };
    const { error, resources: registeredNow } = await recordRefusal(chosenProgram, {
      config,
      answers: unknown,
    });
    expect(String(error)).toMatch(
      / {2}cluster\.existing\.eksName: EKS cannot describe platform: [^\n]*eks:DescribeCluster must be allowed/,
    );
    expect(registered(registeredNow)).toEqual(["pulumi:providers:aws aws"]);
  });

  it("what EC2 reports about the nodes decides on DSR, and is not read for Tunnel", async () => {
    const [first, ...others] = instancesOf(3);
    if (first === undefined) throw new Error("no instance");
    const other = {
      ...first,
      subnetId: "subnet-0000000000000000d",
      securityGroupIds: ["sg-0000000000000000b"],
    };
    const { kubeconfigFile: file } = await startExisting({
      calico: ["operator"],
      instances: [{ ...other, sourceDestCheck: true }, ...others],
    });

    expect(paths((await refused(configOf(file))).lines)).toEqual([
      "calico.externalService",
      "node ip-10-40-0-4.eu-west-1.compute.internal, source/destination check",
      "node ip-10-40-0-4.eu-west-1.compute.internal, UDP 4789",
      "nodes ip-10-40-0-5.eu-west-1.compute.internal and ip-10-40-0-6.eu-west-1.compute.internal, UDP 4789",
    ]);
    await expect(refused(configOf(file, { calico: { externalService: "Tunnel" } }))).rejects.toThrow(
      "the program was not refused",
    );
  });
});
