import { createServer, type IncomingMessage } from "node:http";
import { listenLocally } from "../../support/localServer.ts";
import type { Instance } from "../world/instance.ts";

/** A rule of a security group. */
export interface Ec2Rule {
  /** Default: it lets packets in, not out. */
  readonly isEgress?: boolean;
  readonly groupId: string;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sourceGroupId?: string;
  readonly sourceCidr?: string;
}

export interface Ec2Endpoint {
  /** For AWS_ENDPOINT_URL_EC2. */
  readonly url: string;
  /** Actions of the requests, in order. */
  readonly actions: readonly string[];
  stop(): Promise<void>;
}

export interface Ec2Options {
  /** Read at each request, so that changes show. */
  readonly instances: readonly Instance[];
  readonly rules: readonly Ec2Rule[];
  /** Actions that are denied. */
  readonly denied?: readonly string[];
  /** Leaves out what EC2 need not say: the source/destination check, and the ports of a rule. Default: false. */
  readonly isTerse?: boolean;
}

/** Rule by which the instances of one group reach each other. */
export const openAmongNodes: Ec2Rule = {
  groupId: "sg-0000000000000000a",
  protocol: "-1",
  fromPort: -1,
  toPort: -1,
  sourceGroupId: "sg-0000000000000000a",
};

/** The two answers of EC2 that are needed, over its Query API, on a free port of this machine. */
export async function startEc2(options: Ec2Options): Promise<Ec2Endpoint> {
  const actions: string[] = [];
  const server = createServer(async (request, response) => {
    const query = new URLSearchParams(await bodyOf(request));
    const action = query.get("Action") ?? "";
    actions.push(action);
    const denied = options.denied?.includes(action) ?? false;
    response.writeHead(denied ? 403 : 200, { "content-type": "text/xml" });
    response.end(denied ? refusal(action) : terse(options, answer(action, query, options)));
  });
  return { ...(await listenLocally(server)), actions };
}

/** What each action is filtered by; another filter finds nothing. */
const filters: Readonly<Record<string, string>> = {
  DescribeInstances: "instance-id",
  DescribeSecurityGroupRules: "group-id",
};

function terse({ isTerse = false }: Ec2Options, text: string): string {
  return isTerse ? text.replace(/<(sourceDestCheck|fromPort|toPort)>[^<]*<\/\1>/g, "") : text;
}

function answer(action: string, query: URLSearchParams, { instances, rules }: Ec2Options): string {
  const isFiltered = query.get("Filter.1.Name") === filters[action];
  const values = new Set(
    [...query].filter(([key]) => isFiltered && /^Filter\.1\.Value\.\d+$/.test(key)).map(([, value]) => value),
  );
  const inner =
    action === "DescribeInstances"
      ? `<reservationSet>${instances
          .filter(({ id }) => values.has(id))
          .map(reservation)
          .join("")}</reservationSet>`
      : `<securityGroupRuleSet>${rules
          .filter(({ groupId }) => values.has(groupId))
          .map(rule)
          .join("")}</securityGroupRuleSet>`;
  return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inner}</${action}Response>`;
}

function reservation(instance: Instance): string {
  const groups = instance.securityGroupIds.map((id) => `<item><groupId>${id}</groupId></item>`).join("");
  return `<item><instancesSet><item><instanceId>${instance.id}</instanceId><networkInterfaceSet><item>
<networkInterfaceId>${instance.networkInterfaceId}</networkInterfaceId><subnetId>${instance.subnetId}</subnetId>
<privateIpAddress>${instance.privateIp}</privateIpAddress><sourceDestCheck>${instance.sourceDestCheck}</sourceDestCheck>
<attachment><deviceIndex>0</deviceIndex></attachment><groupSet>${groups}</groupSet>
</item></networkInterfaceSet></item></instancesSet></item>`;
}

function rule({
  isEgress = false,
  groupId,
  protocol,
  fromPort,
  toPort,
  sourceGroupId,
  sourceCidr,
}: Ec2Rule): string {
  const source =
    sourceGroupId === undefined
      ? `<cidrIpv4>${sourceCidr}</cidrIpv4>`
      : `<referencedGroupInfo><groupId>${sourceGroupId}</groupId></referencedGroupInfo>`;
  return `<item><groupId>${groupId}</groupId><isEgress>${isEgress}</isEgress><ipProtocol>${protocol}</ipProtocol>
<fromPort>${fromPort}</fromPort><toPort>${toPort}</toPort>${source}</item>`;
}

function refusal(action: string): string {
  return `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform ${action}.</Message></Error></Errors><RequestID>1</RequestID></Response>`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

/** Environment in which the AWS SDK finds a simulated EC2, and no account of the user's. */
export function awsEnvironment({ url }: Pick<Ec2Endpoint, "url">): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL_EC2: url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}
