import { describe, expect, it } from "vitest";
import { parkedPod, parkingField } from "../../../../../components/checks/existing/kubeProxy.ts";
import type { FoundEndpoint, FoundKubeProxy } from "../../../../../components/checks/existing/snapshot.ts";
import { address, clusterLines, felix, kubeProxy } from "../../../../support/existing.ts";

type Whose = FoundKubeProxy["parking"]["nodeSelector"];

describe("kube-proxy of a cluster that is there", () => {
  it.each<[Whose, Whose, string | undefined]>([
    ["free", "free", "nodeSelector"],
    ["ours", "free", "nodeSelector"],
    ["free", "taken", "nodeSelector"],
    ["taken", "free", "nodeAffinity"],
    ["taken", "ours", "nodeAffinity"],
    ["taken", "taken", undefined],
  ])("with its node selector %s and its affinity %s is parked by %s", (nodeSelector, nodeAffinity, field) => {
    expect(parkingField({ ...kubeProxy, parking: { nodeSelector, nodeAffinity } })).toBe(field);
  });

  it("is parked by the guide's label in either field", () => {
    expect(parkedPod("nodeSelector")).toEqual({ nodeSelector: { "non-calico": "true" } });
    expect(JSON.stringify(parkedPod("nodeAffinity"))).toContain(
      '"key":"non-calico","operator":"In","values":["true"]',
    );
  });

  it.each<[string, FoundKubeProxy | undefined, string]>([
    [
      "when it is not there",
      undefined,
      "DaemonSet kube-proxy: it does not exist in kube-system; it serves services until eBPF does, and again after switching back. Install it, or choose a cluster with kube-proxy.",
    ],
    [
      "in IPVS mode",
      { ...kubeProxy, mode: "ipvs" },
      "DaemonSet kube-proxy, mode: ipvs; its rules would stay active next to eBPF's. Set mode: iptables in its configuration, and restart the nodes.",
    ],
    [
      "when something manages it",
      { ...kubeProxy, labels: { "app.kubernetes.io/managed-by": "Helm" } },
      "DaemonSet kube-proxy: app.kubernetes.io/managed-by shows that a package manager manages it; what manages it would bring its pods back. Let it leave nodeSelector and affinity of DaemonSet kube-proxy alone, then remove the mark.",
    ],
    [
      "when Argo CD keeps it",
      {
        ...kubeProxy,
        annotations: { "argocd.argoproj.io/tracking-id": "net:apps/DaemonSet:kube-system/kube-proxy" },
      },
      "DaemonSet kube-proxy: argocd.argoproj.io/tracking-id shows that Argo CD manages it; what manages it would bring its pods back. Add nodeSelector and affinity to the application's ignoreDifferences, then remove the annotation.",
    ],
    [
      "when someone else has parked it",
      { ...kubeProxy, nodeSelector: { "non-calico": "true" } },
      "DaemonSet kube-proxy, nodeSelector: non-calico is set, but not by this program; it would stay after a destroy, and leave the cluster without services. Remove it; this program sets it once eBPF is on.",
    ],
    [
      "without a free field",
      { ...kubeProxy, parking: { nodeSelector: "taken", nodeAffinity: "taken" } },
      "DaemonSet kube-proxy: its pods have both a node selector and a required node affinity; one of the two must be unset, so that this program can set it and a destroy can remove it. Express both in one of them, or set kubeProxy: Running.",
    ],
  ])("is refused %s", (_name, found, line) => {
    expect(clusterLines({ kubeProxy: found })).toEqual([line]);
  });

  it("may be anybody's when it is left alone, and is known when this program parked it", () => {
    const managed = { ...kubeProxy, labels: { "app.kubernetes.io/managed-by": "Helm" } };
    const ours: FoundKubeProxy = {
      ...kubeProxy,
      nodeSelector: { "non-calico": "true" },
      parking: { nodeSelector: "ours", nodeAffinity: "free" },
    };

    expect(clusterLines({ kubeProxy: managed, felix: felix({}) }, { kubeProxy: "Running" })).toEqual([]);
    expect(clusterLines({ kubeProxy: ours })).toEqual([]);
  });

  it("of an EKS add-on passes: the node selector is none of the add-on's fields", () => {
    const labels = { "eks.amazonaws.com/component": "kube-proxy" };

    expect(clusterLines({ kubeProxy: { ...kubeProxy, labels } })).toEqual([]);
  });
});

describe("the API server's address", () => {
  it("is not a service's", () => {
    expect(clusterLines({}, {}, { host: "10.96.0.1", port: 443 })).toEqual([
      "cluster.existing.apiServer.host: 10.96.0.1 is the address of service kubernetes; Calico must reach the API server before any service works. Set the API server's own address, or that of the load balancer in front of it.",
    ]);
  });

  const data = { KUBERNETES_SERVICE_HOST: address.host, KUBERNETES_SERVICE_PORT: String(address.port) };

  it.each<[string, FoundEndpoint]>([
    ["the same", { data, isOurs: false }],
    ["another one, which this program wrote", { data: {}, isOurs: true }],
  ])("may be in a ConfigMap already: %s", (_name, endpoint) => {
    expect(clusterLines({ endpoint })).toEqual([]);
  });

  it("is not written over another one", () => {
    const endpoint = { data: { ...data, KUBERNETES_SERVICE_PORT: "443" }, isOurs: false };

    expect(clusterLines({ endpoint })).toEqual([
      "ConfigMap kubernetes-services-endpoint, KUBERNETES_SERVICE_PORT: 443; it must be 6443, and a destroy could not restore the present value. Set it to 6443, or delete the ConfigMap if nothing uses it.",
    ]);
  });

  it("is not added to one that lacks it: a destroy could not take it away again", () => {
    const endpoint = { data: { KUBERNETES_SERVICE_HOST: address.host }, isOurs: false };

    expect(clusterLines({ endpoint })).toEqual([
      expect.stringMatching(/^ConfigMap kubernetes-services-endpoint, KUBERNETES_SERVICE_PORT: not set; /),
    ]);
  });
});
