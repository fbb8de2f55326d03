import { describe, expect, it } from "vitest";
import { NodeFirewall } from "../../../components/nodeFirewall.ts";
import type { NodeTraffic } from "../../../components/specs/firewall.ts";
import { type Recorded, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { find, namesOf, registered, topLevel, untagged } from "../../support/graph.ts";
import { labels, resolved } from "../../support/outputs.ts";

const tags = { team: "net" };
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const base: NodeTraffic = {
  cni: "Calico",
  encapsulation: "VXLAN",
  podCidr: "192.168.0.0/16",
  metricsPort: 9091,
  apiServer: true,
  typhaMetricsPort: null,
  controlPlanePorts: [],
  nodePortClients: ["10.40.0.0/16"],
};

const firewall = (traffic: Partial<NodeTraffic> = {}) =>
  record(
    () =>
      new NodeFirewall("dev-node", {
        vpcId: "vpc-1",
        controlPlaneSecurityGroupId: "sg-cluster",
        traffic: { ...base, ...traffic },
        tags,
      }),
  );

/** `name: group, protocol first-last from source`. */
function summary({ name, inputs }: Recorded): string {
  const { securityGroupId, ipProtocol, fromPort, toPort, cidrIpv4, referencedSecurityGroupId } = inputs;
  const ports = fromPort === undefined ? "" : ` ${fromPort}-${toPort}`;
  return `${name}: ${securityGroupId}, ${ipProtocol}${ports} from ${cidrIpv4 ?? referencedSecurityGroupId}`;
}

const summaries = (resources: readonly Recorded[]) =>
  resources
    .filter(({ type }) => type === ingressType)
    .map(summary)
    .toSorted();

const { resources, result } = await firewall();

describe("NodeFirewall", () => {
  it("registers one group with these rules", () => {
    expect(registered(resources)).toEqual([
      "aws:ec2/securityGroup:SecurityGroup dev-node",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule dev-node",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-api-server",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-calico-apiserver",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-calico-webhooks",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-felix-metrics",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-kubelet-control-plane",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-kubelet-nodes",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-nodeports-tcp-10.40.0.0-16",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-nodeports-udp-10.40.0.0-16",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-typha",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-vxlan",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-node-webhooks",
      "calico-ebpf-eks:index:NodeFirewall dev-node",
    ]);
  });

  it("is the parent of all of them, and tags them", () => {
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:NodeFirewall dev-node"]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("opens exactly these ports: in the nodes' group, and one in the control plane's", () => {
    expect(summaries(resources)).toEqual([
      "dev-node-api-server: sg-cluster, tcp 443-443 from dev-node-id",
      "dev-node-calico-apiserver: dev-node-id, tcp 5443-5443 from sg-cluster",
      "dev-node-calico-webhooks: dev-node-id, tcp 6443-6443 from sg-cluster",
      "dev-node-felix-metrics: dev-node-id, tcp 9091-9091 from dev-node-id",
      "dev-node-kubelet-control-plane: dev-node-id, tcp 10250-10250 from sg-cluster",
      "dev-node-kubelet-nodes: dev-node-id, tcp 10250-10250 from dev-node-id",
      "dev-node-nodeports-tcp-10.40.0.0-16: dev-node-id, tcp 30000-32767 from 10.40.0.0/16",
      "dev-node-nodeports-udp-10.40.0.0-16: dev-node-id, udp 30000-32767 from 10.40.0.0/16",
      "dev-node-typha: dev-node-id, tcp 5473-5473 from dev-node-id",
      "dev-node-vxlan: dev-node-id, udp 4789-4789 from dev-node-id",
      "dev-node-webhooks: dev-node-id, tcp 443-443 from sg-cluster",
    ]);
  });

  it("gives each rule its reason and a name in the console", () => {
    expect(find(resources, ingressType, "dev-node-typha").inputs).toEqual({
      securityGroupId: "dev-node-id",
      referencedSecurityGroupId: "dev-node-id",
      ipProtocol: "tcp",
      fromPort: 5473,
      toPort: 5473,
      description: "calico-node reads its configuration from Typha",
      tags: { team: "net", Name: "dev-node-typha" },
    });
  });

  it("lets the nodes send anything anywhere", () => {
    const { description, ...inputs } = find(resources, egressType).inputs;

    expect(inputs).toEqual({
      securityGroupId: "dev-node-id",
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
      tags: { team: "net", Name: "dev-node" },
    });
  });

  it("creates the group without inline rules, which would conflict with the separate ones", () => {
    expect(find(resources, "aws:ec2/securityGroup:SecurityGroup").inputs).toEqual({
      vpcId: "vpc-1",
      description: "EKS nodes with Calico",
      tags: { team: "net", Name: "dev-node" },
    });
  });

  it("describes every rule in characters that EC2 takes, 255 at most", () => {
    const descriptions = resources
      .filter(({ type }) => [ingressType, egressType].includes(type))
      .map(({ inputs }) => String(inputs["description"]));

    expect(descriptions).toHaveLength(12);
    expect(descriptions.filter((text) => !/^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(text))).toEqual([]);
  });

  it("hands out every rule, for nodes to come after", async () => {
    expect(await labels(result.rules)).toEqual(
      registered(resources.filter(({ type }) => [ingressType, egressType].includes(type))),
    );
    expect(await resolved(result.securityGroupId)).toBe("dev-node-id");
  });
});

describe("NodeFirewall for other traffic", () => {
  it.each(["None", "VXLANCrossSubnet"] as const)(
    "lets pods of other nodes in as they are, with %s",
    async (encapsulation) => {
      const { resources: found } = await firewall({ encapsulation });

      expect(summaries(found).filter((line) => !summaries(resources).includes(line))).toEqual([
        "dev-node-unencapsulated-nodes: dev-node-id, -1 from dev-node-id",
        "dev-node-unencapsulated-pods: dev-node-id, -1 from 192.168.0.0/16",
      ]);
      expect(namesOf(found, ingressType)).toContain("dev-node-vxlan");
    },
  );

  it("has a rule of each protocol for each client of NodePorts", async () => {
    const { resources: found } = await firewall({ nodePortClients: ["10.1.0.0/16", "10.2.0.0/16"] });

    expect(namesOf(found, ingressType).filter((name) => name.includes("nodeports"))).toEqual([
      "dev-node-nodeports-tcp-10.1.0.0-16",
      "dev-node-nodeports-tcp-10.2.0.0-16",
      "dev-node-nodeports-udp-10.1.0.0-16",
      "dev-node-nodeports-udp-10.2.0.0-16",
    ]);
  });

  it("closes unused ports", async () => {
    const { resources: found } = await firewall({ metricsPort: null, apiServer: false, nodePortClients: [] });

    expect(namesOf(found, ingressType)).toEqual([
      "dev-node-api-server",
      "dev-node-kubelet-control-plane",
      "dev-node-kubelet-nodes",
      "dev-node-typha",
      "dev-node-vxlan",
      "dev-node-webhooks",
    ]);
  });
});
