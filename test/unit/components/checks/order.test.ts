import { expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

it("reports problems in the order of the stack file", () => {
  const lines = settingsLines({
    networkPolicies: { defaultDeny: ["kube-system"] },
    account: { id: "444455556666", roleArn: "arn:aws:iam::111122223333:role/deploy" },
    kubeProxy: "Absent",
    calico: {
      encapsulation: "IPIP",
      dataplane: "Iptables",
      version: "3.33.0",
      felix: { healthPort: 1, bpfEnabled: true },
    },
    nodePools: {
      second: { size: { desired: 9 }, instanceTypes: ["m7g.large"] },
      first: { release: "nonsense" },
    },
    cluster: {
      admins: ["arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:user/a"],
      kubernetesVersion: "1.30",
    },
    network: { natGateway: false, nodeZones: ["us-east-1a"], vpcCidr: "10.40.0.0/25" },
  });

  expect(lines.map((line) => line.split(": ")[0])).toEqual([
    "account.roleArn",
    "network.vpcCidr",
    "network.nodeZones[0]",
    "cluster.kubernetesVersion",
    "cluster.admins[1]",
    "nodePools.second.instanceTypes[0]",
    "nodePools.second.size.desired",
    "nodePools.first.release",
    "calico.version",
    "calico.externalService",
    "calico.encapsulation",
    "calico.felix.healthPort",
    "calico.felix.bpfEnabled",
    // Not in the file, so after what is.
    "calico.registry",
    "kubeProxy",
    "networkPolicies.defaultDeny[0]",
  ]);
});
