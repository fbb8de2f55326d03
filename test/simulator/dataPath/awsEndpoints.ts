import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { Certificate } from "./certificate.ts";
import { ec2Actions, type Refused, refusal } from "./ec2Actions.ts";
import { type Ec2Network, type LabInstance, networkDocuments } from "./networkInterfaces.ts";
import type { Vpc } from "./vpc.ts";

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
  /** Network interfaces as the VPC CNI asks for them. Default: it finds none. */
  readonly network?: Ec2Network;
  /** The role of the pods of a service account, or why they get no credentials; undefined: they have the node's. */
  readonly roleOfPods?: (
    namespace: string,
    serviceAccount: string,
  ) => { readonly roleArn: string; readonly problem: string | undefined } | undefined;
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

/** Where the agent of Pod Identity is, on every node. */
const podIdentityIp = "169.254.170.23";

/** An interface endpoint for EC2; no instance has its address. */
const ec2Ip = "169.254.169.240";

/** A public address, of the range for benchmarks (RFC 2544). */
const stsIp = "198.18.0.10";

/** Answers what Felix and the VPC CNI ask of AWS: instance metadata, credentials of pods, and EC2. */
export class AwsEndpoints {
  readonly #options: AwsEndpointsOptions;
  readonly calls: AwsCall[] = [];
  /** Roles of the access keys that pods were given. */
  readonly #roleOfKey = new Map<string, string>();
  readonly #tags = new Map<string, Map<string, string>>();

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
    for (const ip of [metadataIp, podIdentityIp, ec2Ip]) await vpc.own(ip);
    const podIdentity = createHttp((request, response) => this.#podCredentials(request, response));
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
    await vpc.sockets.listen(podIdentityIp, 80, (socket) => podIdentity.emit("connection", socket));
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

  #document(instance: LabInstance, url: string): string | undefined {
    const { region, account, network } = this.#options;
    const { id, ip, roleArn } = instance;
    const role = roleArn.split("/").at(-1) ?? "";
    const root = "/latest/meta-data";
    const credentials = `${root}/iam/security-credentials`;
    const documents: Readonly<Record<string, string>> = {
      [`${root}/instance-id`]: id,
      [`${root}/local-ipv4`]: ip,
      [`${root}/placement/region`]: region,
      [credentials]: role,
      [`${credentials}/${role}`]: JSON.stringify({
        Code: "Success",
        Type: "AWS-HMAC",
        LastUpdated: new Date().toISOString(),
        ...credentialsOf(`ASIA${id.slice(2).toUpperCase()}`, id),
      }),
      "/latest/dynamic/instance-identity/document": JSON.stringify({
        accountId: account,
        instanceId: id,
        privateIp: ip,
        region,
        version: "2017-09-30",
      }),
    };
    const own = documents[url];
    if (own !== undefined || network === undefined || !url.startsWith(root)) return own;
    return networkDocuments(network.of(instance)).get(url.slice(root.length));
  }

  /** By the token that a pod has of its service account (EKS user guide, pod-id-how-it-works). */
  #podCredentials({ headers, url }: IncomingMessage, response: ServerResponse): void {
    const subject = subjectOf(headers.authorization ?? "");
    const [, , namespace = "", serviceAccount = ""] = subject.split(":");
    const found = this.#options.roleOfPods?.(namespace, serviceAccount);
    if (url !== "/v1/credentials" || found === undefined || found.problem !== undefined) {
      return void response.writeHead(400).end(found?.problem ?? `no association of ${subject}`);
    }
    const key = `ASIAPOD${String(this.#roleOfKey.size).padStart(13, "0")}`;
    this.#roleOfKey.set(key, found.roleArn);
    const { account: AccountId } = this.#options;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ AccountId, ...credentialsOf(key, key) }));
  }

  async #ec2(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URLSearchParams(await bodyOf(request));
    const action = query.get("Action") ?? "";
    const instance = this.#instanceOf(request);
    const key = /Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const roleArn = this.#roleOfKey.get(key) ?? instance?.roleArn ?? "";
    const answer =
      instance === undefined
        ? refusal("AuthFailure", "unknown caller")
        : this.#judged({ ...instance, roleArn }, action, query);
    response.writeHead(answer.status, { "content-type": "text/xml" }).end(answer.body);
  }

  #judged(instance: LabInstance, action: string, query: URLSearchParams): Refused {
    const { region, account, allows } = this.#options;
    const interfaceId = query.get("NetworkInterfaceId") ?? query.get("ResourceId.1");
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
    const act = ec2Actions[action];
    const { instances, network, onSourceDestCheck } = this.#options;
    const answer =
      act?.({ instance, query, instances: instances(), network, onSourceDestCheck, tags: this.#tags }) ??
      refusal("InvalidAction", `The action ${action} is not valid for this web service.`, 400);
    return typeof answer === "string" ? { status: 200, body: answered(action, answer) } : answer;
  }
}

/** Whom a token is for, `system:serviceaccount:NAMESPACE:NAME`; empty: it is none. */
function subjectOf(token: string): string {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return String(sub ?? "");
  } catch {
    return "";
  }
}

function credentialsOf(AccessKeyId: string, Token: string): object {
  const Expiration = new Date(Date.now() + 6 * 3_600_000).toISOString();
  return { AccessKeyId, SecretAccessKey: "of-the-lab", Token, Expiration };
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

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
