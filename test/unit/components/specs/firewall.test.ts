import { describe, expect, it } from "vitest";
import {
  controlPlaneIngress,
  type FirewallRule,
  type NodeTraffic,
  nodeIngress,
  privateAccessIngress,
} from "../../../../components/specs/firewall.ts";

const traffic: NodeTraffic = {
  cni: "Calico",
  encapsulation: "VXLAN",
  podCidr: "192.168.0.0/16",
  nodePortClients: ["10.40.0.0/16"],
  metricsPort: 9091,
  typhaMetricsPort: null,
  controlPlanePorts: [],
  apiServer: true,
};

function summary({ key, protocol, fromPort, toPort, source }: FirewallRule): string {
  const from = source.kind === "cidr" ? source.cidr : source.kind;
  return `${key}: ${protocol} ${fromPort}-${toPort} from ${from}`;
}

function keys(changes: Partial<NodeTraffic>): string[] {
  return nodeIngress({ ...traffic, ...changes }).map(({ key }) => key);
}

describe("the firewall of the nodes", () => {
  it("opens exactly these ports by default", () => {
    expect(nodeIngress(traffic).map(summary)).toEqual([
      "vxlan: udp 4789-4789 from nodes",
      "typha: tcp 5473-5473 from nodes",
      "kubelet-nodes: tcp 10250-10250 from nodes",
      "felix-metrics: tcp 9091-9091 from nodes",
      "kubelet-control-plane: tcp 10250-10250 from controlPlane",
      "webhooks: tcp 443-443 from controlPlane",
      "calico-apiserver: tcp 5443-5443 from controlPlane",
      "calico-webhooks: tcp 6443-6443 from controlPlane",
      "nodeports-tcp-10.40.0.0-16: tcp 30000-32767 from 10.40.0.0/16",
      "nodeports-udp-10.40.0.0-16: udp 30000-32767 from 10.40.0.0/16",
    ]);
  });

  it("opens nodes to each other and to the control plane where pods have their interfaces' addresses", () => {
    const added = nodeIngress({ ...traffic, cni: "AmazonVPC" }).filter(({ key }) => !keys({}).includes(key));

    expect(added.map(summary)).toEqual([
      "vpc-pods: -1 -1--1 from nodes",
      "vpc-pods-control-plane: tcp 0-65535 from controlPlane",
    ]);
    // Such a pod has no address of Calico's range.
    expect(keys({ cni: "AmazonVPC", encapsulation: "None" })).not.toContain("unencapsulated-pods");
  });

  it.each(["None", "VXLANCrossSubnet"] as const)("lets unencapsulated pods in with %s", (encapsulation) => {
    const added = nodeIngress({ ...traffic, encapsulation }).filter(({ key }) => !keys({}).includes(key));

    expect(added.map(summary)).toEqual([
      "unencapsulated-nodes: -1 -1--1 from nodes",
      "unencapsulated-pods: -1 -1--1 from 192.168.0.0/16",
    ]);
  });

  it("keeps VXLAN open without encapsulation: eBPF forwards NodePort requests in it", () => {
    expect(keys({ encapsulation: "None" })).toContain("vxlan");
  });

  it("opens the metrics port that is set, or none", () => {
    expect(nodeIngress({ ...traffic, metricsPort: 9900 }).map(summary)).toContain(
      "felix-metrics: tcp 9900-9900 from nodes",
    );
    expect(keys({ metricsPort: null })).not.toContain("felix-metrics");
  });

  it("opens the port of Typha's metrics that is set, and by default none", () => {
    expect(nodeIngress({ ...traffic, typhaMetricsPort: 9093 }).map(summary)).toContain(
      "typha-metrics: tcp 9093-9093 from nodes",
    );
    expect(keys({})).not.toContain("typha-metrics");
  });

  it("closes Calico's API ports when there is no API server", () => {
    expect(keys({ apiServer: false }).filter((key) => key.startsWith("calico-"))).toEqual([]);
  });

  it("has a rule for each client of NodePorts, once", () => {
    const clients = ["10.1.0.0/16", "10.2.0.0/16", "10.1.0.0/16"];

    expect(keys({ nodePortClients: clients }).filter((key) => key.startsWith("nodeports"))).toEqual([
      "nodeports-tcp-10.1.0.0-16",
      "nodeports-tcp-10.2.0.0-16",
      "nodeports-udp-10.1.0.0-16",
      "nodeports-udp-10.2.0.0-16",
    ]);
    expect(keys({ nodePortClients: [] }).filter((key) => key.startsWith("nodeports"))).toEqual([]);
  });

  it("opens nothing to everyone, and gives every rule a key and a reason", () => {
    const rules = nodeIngress({ ...traffic, encapsulation: "None" });

    expect(new Set(rules.map(({ key }) => key)).size).toBe(rules.length);
    expect(rules.filter(({ why }) => why === "")).toEqual([]);
    expect(rules.map(summary).filter((line) => line.includes("0.0.0.0/0"))).toEqual([]);
  });
});

it("the control plane takes the API port from the nodes and nothing else", () => {
  expect(controlPlaneIngress().map(summary)).toEqual(["api-server: tcp 443-443 from nodes"]);
});

describe("the private endpoint", () => {
  it("lets clients in by their ranges and security groups, each with a separate rule", () => {
    const clients = {
      privateAccessCidrs: ["10.60.0.0/16", "10.60.0.0/24"],
      privateAccessSecurityGroupIds: ["sg-0a1b2c3d"],
    };

    expect(privateAccessIngress(clients)).toMatchObject([
      { key: "api-clients-10.60.0.0-16", source: { kind: "cidr", cidr: "10.60.0.0/16" } },
      { key: "api-clients-10.60.0.0-24", source: { kind: "cidr", cidr: "10.60.0.0/24" } },
      { key: "api-clients-sg-0a1b2c3d", source: { kind: "securityGroup", id: "sg-0a1b2c3d" } },
    ]);
    expect(
      privateAccessIngress(clients).map(({ protocol, fromPort, toPort }) => [protocol, fromPort, toPort]),
    ).toEqual(Array.from({ length: 3 }, () => ["tcp", 443, 443]));
  });

  it("opens nothing else", () => {
    expect(privateAccessIngress({ privateAccessCidrs: [], privateAccessSecurityGroupIds: [] })).toEqual([]);
  });
});
