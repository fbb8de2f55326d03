import { Network, type NetworkArgs } from "../../components/network.ts";
import { record } from "../../infra/commands/shared/plan/recorder.ts";

/** A network with one subnet for nodes and one NAT gateway. */
export const networkArgs: NetworkArgs = {
  region: "eu-west-1",
  vpcCidr: "10.40.0.0/16",
  subnets: {
    nodeSubnets: [{ zone: "eu-west-1a", cidr: "10.40.0.0/20" }],
    controlPlaneSubnets: [
      { zone: "eu-west-1a", cidr: "10.40.255.240/28" },
      { zone: "eu-west-1b", cidr: "10.40.255.224/28" },
    ],
    natSubnets: [{ zone: "eu-west-1a", cidr: "10.40.255.208/28" }],
    loadBalancerSubnets: [],
  },
  endpointServices: [],
  flowLogs: false,
  logRetentionDays: 90,
  permissionsBoundary: undefined,
  tags: { team: "net" },
};

/** Registers the network with some arguments changed. */
export const recordNetwork = (changes: Partial<NetworkArgs> = {}) =>
  record(() => new Network("dev", { ...networkArgs, ...changes }));
