import { describe, expect, it } from "vitest";
import { isUnknownAddon } from "../../../../components/checks/addons.ts";
import { settingsLines, surroundingsLines } from "../../../support/lines.ts";

describe("addons", () => {
  it.each([
    {
      name: "coredns",
      line: "addons.coredns: this program installs CoreDNS itself, after Calico, and restarts it when the dataplane is switched; an add-on can be installed only once. Remove it.",
    },
    {
      name: "kube-proxy",
      line: "addons.kube-proxy: this program decides where kube-proxy runs; it must not serve services together with Calico's eBPF dataplane. Remove it, and set kubeProxy: Absent, Parked or Running.",
    },
    {
      name: "vpc-cni",
      line: "addons.vpc-cni: it is another CNI, whose pod addresses and routes Calico's eBPF programs do not know; calico.cni is Calico. Remove it; a new cluster may have calico.cni: AmazonVPC instead, which installs it.",
    },
  ])("refuses $name", ({ name, line }) => {
    expect(settingsLines({ addons: { [name]: {} } })).toEqual([line]);
  });

  it("refuses metrics-server on the pod network", () => {
    expect(settingsLines({ addons: { "metrics-server": {} } })).toEqual([
      "addons.metrics-server: EKS's own add-on serves its API on the pod network; the control plane cannot reach pods there, so kubectl top and autoscaling would get no metrics. Remove it, and set metrics: true, which installs metrics-server on the host network.",
    ]);
    expect(
      settingsLines({ addons: { "metrics-server": { configuration: { hostNetwork: { enabled: true } } } } }),
    ).toEqual([]);
    expect(settingsLines({ addons: { "metrics-server": {} }, calico: { cni: "AmazonVPC" } })).toEqual([]);
  });

  it.each(["snapshot-controller", "aws-ebs-csi-driver", "constructor"])("takes %s", (name) => {
    expect(settingsLines({ addons: { [name]: {} } })).toEqual([]);
  });

  it("are refused where EKS has none for the cluster's Kubernetes version, with or without a version", () => {
    const addons = { "metric-server": {}, "cert-manager": { version: "v1.19.2-eksbuild.1" } };

    expect(surroundingsLines({ addons }, { otherAddonVersions: { "metric-server": undefined } })).toEqual([
      "addons.metric-server: EKS has no add-on metric-server for Kubernetes 1.35; `aws eks describe-addon-versions` lists the add-ons for a Kubernetes version. Correct its name, or remove it.",
      "addons.cert-manager: EKS has no add-on cert-manager for Kubernetes 1.35; `aws eks describe-addon-versions` lists the add-ons for a Kubernetes version. Correct its name, or remove it.",
    ]);
    expect(
      surroundingsLines({ addons }, { otherAddonVersions: { "metric-server": "v1", "cert-manager": "v2" } }),
    ).toEqual([]);
  });
});

describe("an answer of EKS", () => {
  it.each([
    "reading EKS Add-On version info (x, 1.35): couldn't find resource",
    "reading EKS Add-On version info (x, 1.35): empty result",
    "operation error EKS: DescribeAddonVersions, StatusCode: 400, InvalidParameterException: Addon x specified is not supported",
  ])("means an unknown add-on: %s", (message) => {
    expect(isUnknownAddon(message)).toBe(true);
  });

  it.each([
    "no valid credential sources found",
    "operation error EKS: DescribeAddonVersions, StatusCode: 403, AccessDeniedException: not authorized",
  ])("is an error as it stands: %s", (message) => {
    expect(isUnknownAddon(message)).toBe(false);
  });
});
