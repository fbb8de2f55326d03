import { describe, expect, it } from "vitest";
import { readExistingSettings, takesExisting } from "../../../../components/checks/existing/readSettings.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { stackSettings } from "../../../../infra/commands/shared/stackSettings.ts";

const origin = { project: "calico-ebpf-eks", stack: "trial" };
const anywhere = {
  kubeconfig: "~/.kube/config",
  context: "admin",
  apiServer: { host: "api.example.com", port: 6443 },
};

type Written = Readonly<Record<string, unknown>>;

/** Configuration as the engine hands it over, with the empty mappings of an earlier Pulumi.yaml. */
function configOf(existing: unknown, settings: Written = {}, aws: Readonly<Record<string, string>> = {}) {
  const cluster = { existing, ...(settings["cluster"] as object | undefined) };
  const all = { network: {}, nodePools: {}, kubeProxy: {}, ...settings, cluster };
  const texts = Object.entries(all).map(([key, value]) => [
    `calico-ebpf-eks:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...aws, ...Object.fromEntries(texts) };
}

const onEks = { "aws:region": "eu-west-1" };

function lines(existing: unknown, settings: Written = {}, aws: Readonly<Record<string, string>> = {}) {
  return readExistingSettings({ ...origin, config: configOf(existing, settings, aws) }).problems.map(
    problemLine,
  );
}

describe("settings of a cluster that is there", () => {
  it("are complete with a region and the name of an EKS cluster alone", () => {
    expect(
      readExistingSettings({ ...origin, config: configOf({ eksName: "platform" }, {}, onEks) }).settings,
    ).toEqual({
      ...origin,
      region: "eu-west-1",
      profile: undefined,
      account: {},
      cluster: { kind: "eks", name: "platform" },
      calico: { dataplane: "BPF", externalService: "DSR", dsrOptOutCidrs: [] },
      kubeProxy: "Parked",
    });
  });

  it("need no region for a kubeconfig", () => {
    const config = configOf(anywhere, { kubeProxy: "Running", calico: { externalService: "Tunnel" } });

    expect(readExistingSettings({ ...origin, config }).settings).toMatchObject({
      region: "",
      cluster: {
        kind: "kubeconfig",
        file: "~/.kube/config",
        context: "admin",
        apiServer: anywhere.apiServer,
      },
      calico: { externalService: "Tunnel" },
      kubeProxy: "Running",
    });
  });

  it("have Tunnel by default where they say that pods are on the VPC CNI, and not without that", () => {
    const mode = (calico: Written) =>
      readExistingSettings({ ...origin, config: configOf(anywhere, { calico }) }).settings?.calico;

    expect(mode({ cni: "AmazonVPC" })).toMatchObject({ cni: "AmazonVPC", externalService: "Tunnel" });
    expect(mode({ cni: "AmazonVPC", externalService: "DSR" })?.externalService).toBe("DSR");
    expect(mode({ cni: "Calico" })?.externalService).toBe("DSR");
    expect(mode({})).not.toHaveProperty("cni");
    expect(lines(anywhere, { calico: { cni: "Cilium" } })).toEqual([
      expect.stringMatching(/^calico\.cni: Cilium; /),
    ]);
  });

  it("are distinguished from those of a new cluster by cluster.existing", () => {
    const made = { "calico-ebpf-eks:cluster": '{"publicAccessCidrs":[]}' };

    expect(takesExisting({ ...origin, config: configOf({}) })).toBe(true);
    expect(takesExisting({ ...origin, config: made })).toBe(false);
    expect(takesExisting({ ...origin, config: { "calico-ebpf-eks:cluster": "existing" } })).toBe(false);
  });

  it("refuse, each by its name, what applies only to a new cluster", () => {
    const found = "no effect; cluster.existing names an existing cluster, adopted. Remove one of the two.";

    expect(
      lines(anywhere, {
        network: { vpcCidr: "10.0.0.0/16" },
        cluster: { kubernetesVersion: "1.35", publicAccessCidrs: [] },
        nodePools: { default: {} },
        calico: { version: "3.32.4", podCidr: "192.168.0.0/16", dataplane: "BPF" },
        nodePorts: { clients: [] },
        networkPolicies: { defaultDeny: ["shop"] },
        observability: { flows: true },
        tags: { team: "network" },
      }),
    ).toEqual(
      [
        "network",
        "cluster.kubernetesVersion",
        "cluster.publicAccessCidrs",
        "nodePools",
        "calico.version",
        "calico.podCidr",
        "nodePorts",
        "networkPolicies",
        "observability",
        "tags",
      ].map((path) => `${path}: ${found}`),
    );
  });

  it.each<[string, unknown, Written, Readonly<Record<string, string>>, string[]]>([
    [
      "no cluster at all",
      {},
      {},
      onEks,
      [
        "cluster.existing: it names no cluster; set eksName or kubeconfig. Set eksName for a cluster on EKS, or kubeconfig and apiServer for any other.",
      ],
    ],
    [
      "an EKS cluster without a region",
      { eksName: "platform" },
      {},
      {},
      ["aws:region: not set; must be the name of an AWS region. Write it like eu-west-1."],
    ],
    [
      "an EKS cluster together with a kubeconfig",
      { eksName: "platform", ...anywhere },
      {},
      onEks,
      ["kubeconfig", "context", "apiServer"].map(
        (key) =>
          `cluster.existing.${key}: no effect; cluster.existing.eksName is set, and EKS provides this. Remove one of the two.`,
      ),
    ],
    [
      "a kubeconfig without the API server's address",
      { kubeconfig: "admin.json" },
      {},
      {},
      [
        "cluster.existing.apiServer: not set; without kube-proxy, no node can reach the API server through its service. Set host and port as the nodes use them; kubectl -n kube-system get configmap kube-proxy -o yaml usually shows them.",
      ],
    ],
    [
      "a service's name as the API server's",
      { ...anywhere, apiServer: { host: "kubernetes.default.svc.cluster.local", port: 443 } },
      {},
      {},
      [
        "cluster.existing.apiServer.host: kubernetes.default.svc.cluster.local is the name of a service; Calico must reach the API server before any service works. Set the API server's own address, or that of the load balancer in front of it.",
      ],
    ],
    [
      "a URL as the API server's host",
      { ...anywhere, apiServer: { host: "https://api.example.com", port: 443 } },
      {},
      {},
      [
        "cluster.existing.apiServer.host: https://api.example.com; must be a host name or an IPv4 address, without scheme and port. Write it like api.internal.example.com.",
      ],
    ],
    [
      "kube-proxy taken away, a misspelt name and a region that is none",
      { ...anywhere, contxt: "admin" },
      { kubeProxy: "Absent" },
      { "aws:region": "here" },
      [
        "aws:region: here; must be the name of an AWS region. Write it like eu-west-1.",
        "cluster.existing.contxt: unknown setting; cluster.existing has eksName, kubeconfig, context and apiServer. Correct its name, or remove it.",
        "kubeProxy: Absent would delete a kube-proxy that this stack did not create; cluster.existing names an existing cluster, adopted. Set kubeProxy: Parked, which keeps it from every node.",
      ],
    ],
    [
      "Iptables with what belongs to BPF",
      anywhere,
      { calico: { dataplane: "Iptables" } },
      {},
      [
        "calico.externalService: DSR, the default, needs the BPF dataplane; calico.dataplane is Iptables. Set externalService: Tunnel, or dataplane: BPF.",
        "kubeProxy: Parked, the default, leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.",
      ],
    ],
  ])("are refused for %s", (_name, existing, settings, aws, expected) => {
    expect(lines(existing, settings, aws)).toEqual(expected);
  });

  it("cannot be rehearsed from a stack file, which is said", () => {
    const config = { "calico-ebpf-eks:cluster": { existing: { eksName: "platform" } } };

    expect(() => stackSettings({ name: "trial", file: "Pulumi.trial.yaml", config })).toThrow(
      "Pulumi.trial.yaml: cluster.existing adopts an existing cluster, and a rehearsal has none.",
    );
  });

  it("pass with the way back, and with a host whose name only begins like a service's", () => {
    expect(
      lines(anywhere, { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Running" }),
    ).toEqual([]);
    expect(lines({ ...anywhere, apiServer: { host: "kubernetes.example.com", port: 443 } })).toEqual([]);
  });
});
