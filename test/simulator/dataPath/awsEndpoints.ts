import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { Certificate } from "./certificate.ts";
import type { Vpc } from "./vpc.ts";

/** What the endpoints know of an instance. */
export interface LabInstance {
  /** `i-…` */
  readonly id: string;
  readonly ip: string;
  /** `eni-…` */
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly roleArn: string;
  readonly sourceDestCheck: boolean;
}

export interface AwsEndpointsOptions {
  readonly region: string;
  readonly account: string;
  readonly certificate: Certificate;
  /** Looked for at each request, so that changes show. */
  readonly instances: () => readonly LabInstance[];
  /** Whether the policies of the instance's role allow an action on a resource: `ec2:DescribeInstances`, `*`. */
  readonly allows: (instance: LabInstance, action: string, resource: string) => boolean;
  /** Whether the VPC has a way to the internet. Default: it has. */
  readonly hasInternet?: () => boolean;
  /** The check of an instance's interface is turned on or off. */
  readonly onSourceDestCheck: (instance: LabInstance, on: boolean) => void;
}

/** A request to EC2, as it was judged. */
export interface AwsCall {
  readonly instanceId: string;
  readonly action: string;
  readonly allowed: boolean;
}

/** Where the instance metadata service is, on every instance. */
const metadataIp = "169.254.169.254";

/** An interface endpoint for EC2; no instance has its address. */
const ec2Ip = "169.254.169.240";

/** A public address, of the range for benchmarks (RFC 2544). */
const stsIp = "198.18.0.10";

/** Answers what Felix asks of AWS: instance metadata, DescribeInstances and ModifyNetworkInterfaceAttribute. */
export class AwsEndpoints {
  readonly #options: AwsEndpointsOptions;
  readonly calls: AwsCall[] = [];

  constructor(options: AwsEndpointsOptions) {
    this.#options = options;
  }

  /** Names that nodes have to resolve, with their addresses. */
  get hosts(): [string, string][] {
    const { region } = this.#options;
    return [
      [ec2Host(region), ec2Ip],
      [stsHost(region), stsIp],
    ];
  }

  async listen(vpc: Vpc): Promise<void> {
    for (const ip of [metadataIp, ec2Ip]) await vpc.own(ip);
    const metadata = createHttp((request, response) => this.#metadata(request, response));
    const { certificate: cert, key } = this.#options.certificate;
    const ec2 = createHttps({ cert, key }, (request, response) => void this.#ec2(request, response));
    const { hasInternet = () => true } = this.#options;
    await vpc.own(stsIp);
    // It has nothing to say, but it is there.
    const outside = createHttps({ cert, key }, (_, response) => response.writeHead(302).end());
    await vpc.sockets.listen(stsIp, 443, (socket) => {
      if (hasInternet()) outside.emit("connection", socket);
      else socket.destroy();
    });
    await vpc.sockets.listen(metadataIp, 80, (socket) => metadata.emit("connection", socket));
    await vpc.sockets.listen(ec2Ip, 443, (socket) => ec2.emit("connection", socket));
  }

  #instanceOf({ socket }: IncomingMessage): LabInstance | undefined {
    return this.#options.instances().find(({ ip }) => ip === socket.remoteAddress);
  }

  /** Version 2 of the service, which alone the nodes' launch templates allow: a token first. */
  #metadata(request: IncomingMessage, response: ServerResponse): void {
    const instance = this.#instanceOf(request);
    const { method, url = "", headers } = request;
    if (instance === undefined) return void response.writeHead(404).end();
    if (method === "PUT" && url === "/latest/api/token") {
      const ttl = headers["x-aws-ec2-metadata-token-ttl-seconds"] ?? "21600";
      return void response.writeHead(200, { "x-aws-ec2-metadata-token-ttl-seconds": ttl }).end(instance.id);
    }
    if (headers["x-aws-ec2-metadata-token"] !== instance.id) return void response.writeHead(401).end();
    const body = this.#document(instance, url.replace(/\/$/, ""));
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "text/plain" }).end(body);
  }

  #document({ id, ip, roleArn }: LabInstance, url: string): string | undefined {
    const { region, account } = this.#options;
    const role = roleArn.split("/").at(-1) ?? "";
    const credentials = "/latest/meta-data/iam/security-credentials";
    const expires = new Date(Date.now() + 6 * 3_600_000).toISOString();
    const documents: Readonly<Record<string, string>> = {
      "/latest/meta-data/instance-id": id,
      "/latest/meta-data/local-ipv4": ip,
      "/latest/meta-data/placement/region": region,
      [credentials]: role,
      [`${credentials}/${role}`]: JSON.stringify({
        Code: "Success",
        Type: "AWS-HMAC",
        LastUpdated: new Date().toISOString(),
        Expiration: expires,
        AccessKeyId: `ASIA${id.slice(2).toUpperCase()}`,
        SecretAccessKey: "of-the-lab",
        Token: id,
      }),
      "/latest/dynamic/instance-identity/document": JSON.stringify({
        accountId: account,
        instanceId: id,
        privateIp: ip,
        region,
        version: "2017-09-30",
      }),
    };
    return documents[url];
  }

  async #ec2(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URLSearchParams(await bodyOf(request));
    const action = query.get("Action") ?? "";
    const instance = this.#instanceOf(request);
    const answer =
      instance === undefined
        ? refusal("AuthFailure", "unknown caller")
        : this.#judged(instance, action, query);
    response.writeHead(answer.status, { "content-type": "text/xml" }).end(answer.body);
  }

  #judged(instance: LabInstance, action: string, query: URLSearchParams): { status: number; body: string } {
    const { region, account, allows, onSourceDestCheck } = this.#options;
    const interfaceId = query.get("NetworkInterfaceId");
    const resource =
      interfaceId === null ? "*" : `arn:aws:ec2:${region}:${account}:network-interface/${interfaceId}`;
    const allowed = allows(instance, `ec2:${action}`, resource);
    this.calls.push({ instanceId: instance.id, action, allowed });
    if (!allowed) {
      return refusal(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. User: ${instance.roleArn} is not authorized to perform: ec2:${action} on resource: ${resource}`,
      );
    }
    if (action === "DescribeInstances") {
      const wanted = query.get("InstanceId.1");
      const found = this.#options.instances().find(({ id }) => id === wanted);
      if (found === undefined) {
        return refusal("InvalidInstanceID.NotFound", `The instance ID '${wanted}' does not exist`, 400);
      }
      return { status: 200, body: answered(action, reservation(found)) };
    }
    if (action === "ModifyNetworkInterfaceAttribute") {
      const found = this.#options.instances().find((one) => one.networkInterfaceId === interfaceId);
      if (found === undefined) {
        return refusal(
          "InvalidNetworkInterfaceID.NotFound",
          `The networkInterface ID '${interfaceId}' does not exist`,
          400,
        );
      }
      onSourceDestCheck(found, query.get("SourceDestCheck.Value") === "true");
      return { status: 200, body: answered(action, "<return>true</return>") };
    }
    return refusal("InvalidAction", `The action ${action} is not valid for this web service.`, 400);
  }
}

/** A host outside of the VPC, to see whether the internet is reachable. */
export function stsHost(region: string): string {
  return `sts.${region}.amazonaws.com`;
}

export function ec2Host(region: string): string {
  return `ec2.${region}.amazonaws.com`;
}

function answered(action: string, inner: string): string {
  return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inner}</${action}Response>`;
}

function reservation({ id, ip, networkInterfaceId, subnetId, sourceDestCheck }: LabInstance): string {
  return `<reservationSet><item><instancesSet><item><instanceId>${id}</instanceId><networkInterfaceSet><item>
<networkInterfaceId>${networkInterfaceId}</networkInterfaceId><subnetId>${subnetId}</subnetId>
<privateIpAddress>${ip}</privateIpAddress><sourceDestCheck>${sourceDestCheck}</sourceDestCheck>
<attachment><deviceIndex>0</deviceIndex></attachment>
</item></networkInterfaceSet></item></instancesSet></item></reservationSet>`;
}

function refusal(code: string, message: string, status = 403): { status: number; body: string } {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
