import { containsAddress } from "./addresses.ts";
import { allows } from "./firewall.ts";
import { type AwsObject, type Cloud, keyOf } from "./model.ts";
import { interfacesOf } from "./networkInterface.ts";
import { types } from "./types.ts";
import { at, text, texts } from "./values.ts";

/** Ranges that a network connected to the VPC may have (RFC 1918, RFC 6598). */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** An IPv4 address, or the id of the security group that the client's network interface carries. */
export type Client = string;

/**
 * Why a client outside the cluster gets no answer from the endpoint, as a Go client says it and with the reason; undefined:
 * it gets one. Inside the VPC, and in a network that is connected to it and resolves names there, the endpoint's name has
 * private addresses while the private endpoint is on, whether or not there is a public one as well. Source: EKS user
 * guide, cluster-endpoint (read 2026-11-27).
 */
export function endpointProblem(cloud: Pick<Cloud, "find" | "ofType">, client: Client): string | undefined {
  const [cluster] = cloud.ofType(types.cluster);
  if (cluster === undefined) return undefined;
  const isInside = client.startsWith("sg-") || isPrivate(cloud, cluster, client);
  const why = isInside ? privateProblem(cloud, cluster, client) : publicProblem(cluster, client);
  if (why === undefined) return undefined;
  const url = `${text(cluster.outputs, "endpoint")}/openapi/v2?timeout=32s`;
  return `unable to load schema information from the API server: Get "${url}": dial tcp ${addressOf(cloud, cluster)}:443: i/o timeout (${why})`;
}

function isPrivate(cloud: Pick<Cloud, "find">, cluster: AwsObject, client: string): boolean {
  const vpc = cloud.find(types.vpc, text(cluster.outputs, "vpcConfig.vpcId"));
  const ranges = [...privateRanges, ...(vpc === undefined ? [] : [text(vpc.inputs, "cidrBlock")])];
  return ranges.some((range) => containsAddress(range, client));
}

function publicProblem({ inputs }: AwsObject, client: string): string | undefined {
  if (at(inputs, "vpcConfig.endpointPublicAccess") === false) {
    return `the endpoint is private only, and Pulumi runs outside, at ${client}`;
  }
  const ranges = texts(inputs, "vpcConfig.publicAccessCidrs");
  const open = ranges.length === 0 ? ["0.0.0.0/0"] : ranges;
  return open.some((range) => containsAddress(range, client))
    ? undefined
    : `publicAccessCidrs does not let ${client} in`;
}

function privateProblem(
  cloud: Pick<Cloud, "ofType">,
  cluster: AwsObject,
  client: string,
): string | undefined {
  const isGroup = client.startsWith("sg-");
  const fromInterface = {
    securityGroupIds: isGroup ? [client] : [],
    // Somewhere: only rules for the security group count then.
    ip: isGroup ? "0.0.0.0" : client,
  };
  const interfaces = interfacesOf(cloud, keyOf(cluster.type, cluster.id));
  const groups = [...new Set(interfaces.flatMap(({ inputs }) => texts(inputs, "securityGroups")))];
  const isOpen = interfaces.some(({ inputs }) =>
    allows(cloud, {
      fromInterface,
      toSecurityGroupIds: texts(inputs, "securityGroups"),
      toIp: text(inputs, "privateIp"),
      protocol: "tcp",
      port: 443,
    }),
  );
  return isOpen ? undefined : `no rule of ${groups.join(", ")} lets ${client} in on TCP 443`;
}

function addressOf(cloud: Pick<Cloud, "ofType">, cluster: AwsObject): string {
  const [one] = interfacesOf(cloud, keyOf(cluster.type, cluster.id));
  return text(one?.inputs ?? {}, "privateIp");
}
