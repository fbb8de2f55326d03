import { describe, expect, it } from "vitest";
import { existingAdvice } from "../../../../../components/checks/existing/checks.ts";
import { isOurs, managersOf } from "../../../../../components/checks/existing/plan.ts";
import type { ClusterSnapshot } from "../../../../../components/checks/existing/snapshot.ts";
import {
  address,
  backToIptables,
  byManifest,
  clusterLines,
  type ExistingChange,
  existingSettings,
  felix,
  kubeProxy,
  node,
  operator,
  snapshot,
} from "../../../../support/existing.ts";

describe("what may not be done in a cluster", () => {
  it("is said by verb and resource, and nothing is concluded from what may not be seen", () => {
    const why = 'daemonsets.apps is forbidden: User "viewer" cannot list it';
    const unread = [
      { verb: "list", resource: "daemonsets.apps", namespace: "kube-system", why },
      { verb: "ec2:DescribeInstances", resource: "", why: "UnauthorizedOperation: no" },
    ];

    expect(clusterLines({ unread, operator: undefined, kubeProxy: undefined })).toEqual([
      `list daemonsets.apps in kube-system: unknown: ${why}; what cannot be read cannot be checked. Allow list daemonsets.apps in kube-system.`,
      "ec2:DescribeInstances: unknown: UnauthorizedOperation: no; what cannot be read cannot be checked. Allow ec2:DescribeInstances, or make sure that AWS can be reached.",
    ]);
  });

  it("is said together for one resource when it would be written", () => {
    const configMaps = { resource: "configmaps", namespace: "tigera-operator" };
    const forbidden = [
      { verb: "create", ...configMaps },
      { verb: "patch", resource: "installations.operator.tigera.io" },
      { verb: "delete", ...configMaps },
    ];

    expect(clusterLines({ forbidden })).toEqual([
      "create, delete configmaps in tigera-operator: it is not permitted; this program would stop halfway. Allow create, delete configmaps in tigera-operator.",
      "patch installations.operator.tigera.io: it is not permitted; this program would stop halfway. Allow patch installations.operator.tigera.io.",
    ]);
  });
});

describe("client ranges that opt out of DSR", () => {
  it("lie outside the pools or hold them whole", () => {
    const lines = (cidr: string) => clusterLines({}, { calico: { dsrOptOutCidrs: [cidr] } });

    expect(lines("10.0.0.0/8")).toEqual([]);
    expect(lines("192.0.0.0/8")).toEqual([]);
    expect(lines("192.168.7.0/24")).toEqual([
      "calico.dsrOptOutCidrs[0]: 192.168.7.0/24 is part of IPPool default-ipv4-ippool (192.168.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 192.168.0.0/16, or a range outside it.",
    ]);
  });
});

describe("advice on a cluster that is there", () => {
  const switched = { operator: { ...operator, linuxDataplane: "BPF" } };
  const advice = (found: Partial<ClusterSnapshot>, change: ExistingChange = {}) =>
    existingAdvice(existingSettings(change), address, snapshot({ ...switched, ...found }));
  const onEc2 = { nodes: [node("a", { instanceId: "i-a" })], aws: { interfaces: [], rules: [] } };

  it("warns that a network outside AWS is not checked", () => {
    expect(advice({})).toEqual([expect.stringMatching(/^calico.externalService: the nodes are not on EC2/)]);
  });

  it("says where kube-proxy finds the API server, when it is elsewhere", () => {
    const elsewhere = { kubeProxy: { ...kubeProxy, apiServer: "10.0.0.1:6443" } };

    expect(advice({ ...elsewhere, ...onEc2, felix: felix({ awsSrcDstCheck: "Disable" }) })).toEqual([
      "cluster.existing.apiServer: kube-proxy reaches the API server at 10.0.0.1:6443, not at api.internal.example.com:6443; if neither is right, nodes lose it.",
    ]);
  });

  it("says what is not looked at, and what nodes to come need", () => {
    expect(advice(onEc2)).toEqual([expect.stringMatching(/awsSrcDstCheck: it is not Disable/)]);
    expect(advice({ ...onEc2, aws: undefined }, { calico: { externalService: "Tunnel" } })).toEqual([
      expect.stringMatching(/^UDP 4789 between the nodes could not be checked/),
    ]);
  });

  it("says so too where only some of the nodes are on EC2, and not where none is", () => {
    const tunnel: ExistingChange = { calico: { externalService: "Tunnel" } };
    const nodes = [node("a", { instanceId: "i-a" }), node("b")];

    expect(advice({ nodes }, tunnel)).toEqual([expect.stringMatching(/^UDP 4789 between the nodes/)]);
    expect(advice({ nodes: [node("b")] }, tunnel)).toEqual([]);
  });

  it("tells how to update an EKS add-on", () => {
    const labels = { "eks.amazonaws.com/component": "kube-proxy" };
    const quiet = { ...onEc2, felix: felix({ awsSrcDstCheck: "Disable" }) };

    expect(advice({ ...quiet, kubeProxy: { ...kubeProxy, labels } })).toEqual([
      expect.stringMatching(/--resolve-conflicts PRESERVE/),
    ]);
  });

  it("says what a switch to eBPF does to pods, until it is done", () => {
    const quiet = { nodes: [node("b")] };
    const tunnel: ExistingChange = { calico: { externalService: "Tunnel" } };
    const warning = [expect.stringMatching(/^calico.dataplane: this `pulumi up` switches to eBPF\. Pods on/)];

    expect(advice({ ...quiet, operator }, tunnel)).toEqual(warning);
    expect(advice({ ...quiet, ...byManifest }, tunnel)).toEqual(warning);
    expect(advice({ ...quiet, ...byManifest, felix: felix({ bpfEnabled: true }) }, tunnel)).toEqual([]);
    expect(advice(quiet, tunnel)).toEqual([]);
  });

  it("has none on the way back", () => {
    expect(advice(onEc2, backToIptables)).toEqual([]);
  });
});

describe("the owner of a field", () => {
  const object = (...managers: readonly string[]) => ({
    metadata: {
      managedFields: managers.map((manager) => ({ manager, fieldsV1: { "f:spec": { "f:bpfEnabled": {} } } })),
    },
  });

  it("is this program when it is the only owner", () => {
    expect(isOurs(object("calico-ebpf-eks-felix"), ["spec", "bpfEnabled"])).toBe(true);
    expect(isOurs(object("calico-ebpf-eks-felix", "kubectl"), ["spec", "bpfEnabled"])).toBe(false);
    expect(isOurs(object("kubectl"), ["spec", "bpfEnabled"])).toBe(false);
    expect(isOurs(object("calico-ebpf-eks-felix"), ["spec", "healthPort"])).toBe(false);
    expect(isOurs({}, ["spec"])).toBe(false);
  });

  it("is this program, by whichever entry of the manager has an annotation of it", () => {
    const manager = "pulumi-kubernetes-0a1b2c3d";
    const entries = [
      { "f:spec": { "f:bpfEnabled": {} } },
      { "f:metadata": { "f:annotations": { "f:calico-ebpf-eks/fields": {} } } },
    ];
    const of = (...fields: readonly object[]) => ({
      metadata: { managedFields: fields.map((fieldsV1) => ({ manager, fieldsV1 })) },
    });

    expect(isOurs(of(...entries), ["spec", "bpfEnabled"])).toBe(true);
    expect(isOurs(of(...entries.slice(0, 1)), ["spec", "bpfEnabled"])).toBe(false);
  });

  it("may be several", () => {
    expect(managersOf(object("one", "other"), ["spec", "bpfEnabled"])).toEqual(["one", "other"]);
  });
});
