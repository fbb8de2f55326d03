import { describe, expect, it } from "vitest";
import { kubeProxyOf } from "../../../../infra/existing/kubeProxyObject.ts";
import {
  endpointOf,
  felixConfigurationOf,
  manifestOf,
  nodeOf,
  operatorOf,
  poolOf,
  serviceIpsOf,
} from "../../../../infra/existing/objects.ts";

const workload = (containers: readonly object[], spec: object = {}) => ({
  metadata: { name: "calico-node" },
  spec: { template: { spec: { containers, ...spec } } },
});

describe("kube-proxy as it was read", () => {
  const kubeadm = {
    data: {
      "config.conf": "mode: ipvs\n",
      "kubeconfig.conf": "clusters: [{cluster: {server: 'https://api:6443'}}]",
    },
  };
  const eks = { data: { config: 'mode: "iptables"\n' } };

  it.each<[string, object, readonly unknown[], string | undefined]>([
    ["kubeadm's ConfigMap", workload([{}]), [kubeadm, undefined], "ipvs"],
    ["EKS's ConfigMap", workload([{}]), [undefined, eks], "iptables"],
    [
      "its arguments, which overrule them",
      workload([{ command: ["kube-proxy", "--proxy-mode=nftables"] }]),
      [kubeadm],
      "nftables",
    ],
    ["neither", workload([{}]), [], undefined],
    ["a ConfigMap that is not YAML", workload([{}]), [{ data: { config: "a: b: c" } }], undefined],
    [
      "kubeadm's empty mode, which is the default",
      workload([{}]),
      [{ data: { config: 'mode: ""' } }],
      undefined,
    ],
  ])("has the mode of %s", (_name, object, maps, mode) => {
    expect(kubeProxyOf(object, maps).mode).toBe(mode);
  });

  it("knows the API server of its kubeconfig, with the port of https where it says none", () => {
    const other = { data: { kubeconfig: "clusters: [{cluster: {server: 'https://api.example.com'}}]" } };

    expect(kubeProxyOf(workload([{}]), [kubeadm]).apiServer).toBe("api:6443");
    expect(kubeProxyOf(workload([{}]), [other]).apiServer).toBe("api.example.com:443");
  });

  it("has what keeps it from nodes, and whose that is", () => {
    const required = "requiredDuringSchedulingIgnoredDuringExecution";
    const pod = { nodeSelector: { "non-calico": "true" }, affinity: { nodeAffinity: { [required]: {} } } };
    const fieldsV1 = { "f:spec": { "f:template": { "f:spec": { "f:nodeSelector": {} } } } };
    const managedFields = [{ manager: "calico-ebpf-eks-kube-proxy", fieldsV1 }];

    expect(kubeProxyOf({ ...workload([{}], pod), metadata: { managedFields } }, []).parking).toEqual({
      nodeSelector: "ours",
      nodeAffinity: "taken",
    });
    expect(kubeProxyOf(workload([{}]), []).parking).toEqual({ nodeSelector: "free", nodeAffinity: "free" });
  });
});

describe("Calico as it was read", () => {
  it("has the version of its image, its environment and what it mounts", () => {
    const container = {
      name: "calico-node",
      image: "quay.io/calico/node:v3.32.4@sha256:0123",
      env: [{ name: "DATASTORE_TYPE", value: "kubernetes" }, { name: "NODENAME" }],
      envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint" } }],
    };
    const volumes = [{ hostPath: { path: "/sys/fs/bpf" } }];
    const typha = { ...workload([{ name: "calico-typha" }]), metadata: { name: "calico-typha" } };

    expect(manifestOf(workload([container], { volumes }), [typha])).toEqual({
      image: container.image,
      version: "3.32.4",
      env: { DATASTORE_TYPE: "kubernetes" },
      mountsBpf: true,
      updateStrategy: "RollingUpdate",
      workloads: [
        { kind: "DaemonSet", name: "calico-node", readsEndpoint: true },
        { kind: "Deployment", name: "calico-typha", readsEndpoint: false },
      ],
    });
  });

  it("has the Installation's words", () => {
    const installation = {
      spec: {
        cni: { type: "Calico" },
        calicoNetwork: { linuxDataplane: "BPF", kubeProxyManagement: "Enabled" },
      },
      status: { calicoVersion: "v3.33.1" },
    };

    expect(operatorOf(installation, true)).toMatchObject({
      version: "3.33.1",
      cni: "Calico",
      linuxDataplane: "BPF",
      kubeProxyManagement: "Enabled",
      bpfNetworkBootstrap: undefined,
    });
  });

  it("owns the fields of FelixConfiguration that no other manager sets, too", () => {
    const managedFields = [
      {
        manager: "calico-ebpf-eks-felix",
        fieldsV1: { "f:spec": { "f:bpfExternalServiceMode": {}, "f:healthPort": {} } },
      },
      { manager: "operator", fieldsV1: { "f:spec": { "f:healthPort": {} } } },
    ];
    const spec = { bpfExternalServiceMode: "DSR", healthPort: 9099 };

    expect(felixConfigurationOf({ metadata: { name: "default", managedFields }, spec }).ours).toEqual([
      "bpfExternalServiceMode",
    ]);
  });
});

describe("other objects as they were read", () => {
  it("a node has its instance on EC2, and none elsewhere", () => {
    const at = (providerID: string) => nodeOf({ metadata: { name: "a" }, spec: { providerID } }).instanceId;

    expect(at("aws:///eu-west-1a/i-0123456789abcdef0")).toBe("i-0123456789abcdef0");
    expect(at("gce://project/zone/name")).toBeUndefined();
  });

  it("a service without an address has none", () => {
    expect(serviceIpsOf({ spec: { clusterIP: "None" } })).toEqual([]);
    expect(serviceIpsOf({ spec: { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1", "fd00::1"] } })).toEqual([
      "10.0.0.1",
      "fd00::1",
    ]);
    expect(serviceIpsOf(undefined)).toEqual([]);
  });

  it("the endpoint ConfigMap is ours by its label", () => {
    const labels = { "app.kubernetes.io/managed-by": "calico-ebpf-eks" };

    expect(endpointOf({ metadata: { labels }, data: {} }).isOurs).toBe(true);
    expect(endpointOf({ data: {} }).isOurs).toBe(false);
  });
});

describe("whose a field is", () => {
  const fields = (annotation: string) => ({
    "f:metadata": { "f:annotations": { [`f:${annotation}`]: {} } },
    "f:spec": { "f:bpfExternalServiceMode": {} },
  });
  const written = (...managedFields: readonly object[]) => ({
    metadata: { name: "default", managedFields },
    spec: { bpfExternalServiceMode: "DSR" },
  });
  const ours = { manager: "pulumi-kubernetes-1a2b3c4d", fieldsV1: fields("calico-ebpf-eks/fields") };

  it("is ours by an annotation of this program under the same manager, which Pulumi has named", () => {
    expect(felixConfigurationOf(written(ours)).ours).toEqual(["bpfExternalServiceMode"]);
  });

  it.each<[string, object]>([
    ["another Pulumi program's", { ...ours, fieldsV1: fields("example.com/fields") }],
    ["an annotation that only begins like ours", { ...ours, fieldsV1: fields("calico-ebpf-eks-two/fields") }],
  ])("is not ours by %s", (_whose, managed) => {
    expect(felixConfigurationOf(written(managed)).ours).toEqual([]);
  });

  it("is not only this program's where another manager sets the same", () => {
    const other = { manager: "kubectl", fieldsV1: { "f:spec": { "f:bpfExternalServiceMode": {} } } };

    expect(felixConfigurationOf(written(ours, other)).ours).toEqual([]);
  });
});

describe("an object as it was read", () => {
  const ours = (...path: readonly string[]) => ({
    managedFields: [
      {
        manager: "calico-ebpf-eks-installation",
        fieldsV1: path.reduceRight<object>((inner, name) => ({ [`f:${name}`]: inner }), {}),
      },
    ],
  });

  it("a node has all that the checks ask for, and where it says nothing, nothing is made up", () => {
    const nodeInfo = { operatingSystem: "linux", architecture: "arm64", kernelVersion: "6.8.0" };
    const labels = { "topology.kubernetes.io/region": "eu-west-1" };
    const spec = { providerID: "aws:///eu-west-1a/i-0123456789abcdef0" };

    expect(nodeOf({ metadata: { name: "a", labels }, spec, status: { nodeInfo } })).toEqual({
      name: "a",
      operatingSystem: "linux",
      architecture: "arm64",
      kernel: "6.8.0",
      instanceId: "i-0123456789abcdef0",
      region: "eu-west-1",
    });
    expect(nodeOf({})).toEqual({
      name: "",
      operatingSystem: "unknown",
      architecture: "unknown",
      kernel: "",
      instanceId: undefined,
      region: undefined,
    });
  });

  it("an Installation has each setting under its own name, and tells whose the dataplane is", () => {
    const calicoNetwork = {
      linuxDataplane: "BPF",
      bpfNetworkBootstrap: "Enabled",
      kubeProxyManagement: "Disabled",
    };
    const spec = { cni: { type: "Calico" }, calicoNetwork };
    const status = { calicoVersion: "v3.32.4" };
    const found = {
      runs: true,
      version: "3.32.4",
      cni: "Calico",
      linuxDataplane: "BPF",
      dataplaneIsOurs: false,
      bpfNetworkBootstrap: "Enabled",
      kubeProxyManagement: "Disabled",
    };
    const metadata = ours("spec", "calicoNetwork", "linuxDataplane");

    expect(operatorOf({ spec, status }, true)).toEqual(found);
    expect(operatorOf({ metadata, spec, status }, true)).toEqual({ ...found, dataplaneIsOurs: true });
    expect(operatorOf({ metadata: ours("spec", "cni"), spec, status }, true)).toEqual(found);
  });

  it("a manifest without a container calico-node has no image, and its update strategy counts", () => {
    expect(manifestOf({ spec: { updateStrategy: { type: "OnDelete" } } }, [])).toMatchObject({
      image: "no image",
      updateStrategy: "OnDelete",
    });
  });

  it("calico-kube-controllers learns the address whether or not it says so, another workload does not", () => {
    const named = (name: string) => ({ metadata: { name } });

    expect(
      manifestOf(named("calico-node"), [named("calico-kube-controllers"), named("calico-typha")]).workloads,
    ).toEqual([
      { kind: "DaemonSet", name: "calico-node", readsEndpoint: false },
      { kind: "Deployment", name: "calico-kube-controllers", readsEndpoint: true },
      { kind: "Deployment", name: "calico-typha", readsEndpoint: false },
    ]);
  });

  it("FelixConfiguration has its name, and the annotation by which the operator knows its own bpfEnabled", () => {
    const annotations = { "operator.tigera.io/bpfEnabled": "true" };

    expect(
      felixConfigurationOf({ metadata: { name: "default", annotations }, spec: { bpfEnabled: true } }),
    ).toEqual({
      name: "default",
      spec: { bpfEnabled: true },
      ours: [],
      operatorsBpfEnabled: "true",
    });
  });

  it.each([
    [{ cidr: "10.0.0.0/16", ipipMode: "Always", disabled: true }, "Always", true],
    [{ cidr: "10.0.0.0/16", ipipMode: "", disabled: false }, "Never", false],
    [{ cidr: "10.0.0.0/16" }, "Never", false],
  ])("of a pool %j the mode is %s, and disabled is %s", (spec, ipipMode, disabled) => {
    expect(poolOf({ metadata: { name: "one" }, spec })).toEqual({
      name: "one",
      cidr: "10.0.0.0/16",
      ipipMode,
      disabled,
    });
  });
});
