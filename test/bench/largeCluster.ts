import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { makeCertificate } from "../simulator/dataPath/certificate.ts";
import { nodeOutput, tableOf } from "../support/nodeOutput.ts";

/** Time that the commands of `verify` take in a calico-node pod. */
const commandMilliseconds = 250;

/** Images that a node lists by default (kubelet nodeStatusMaxImages): most of what it weighs. */
const imageCount = 50;

const endpoint = "api.example.com:443";

const services = Array.from({ length: 300 }, (_, index) => ({
  metadata: { name: `service-${index}`, namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { clusterIP: serviceIp(index), clusterIPs: [serviceIp(index)], ports: [{ port: 443 }] },
}));

const seenOnNode = nodeOutput({ table: tableOf(services), endpoint: `${endpoint}\n` });

function serviceIp(index: number): string {
  return `172.20.${index >> 8}.${(index & 255) + 1}`;
}

/** An API server of a large cluster, which takes no time itself: what is measured is the client. */
export interface LargeCluster {
  readonly kubeconfig: string;
  /** Where its nodes reach it. */
  readonly endpoint: string;
  /** Checks that pass on it. */
  readonly checks: readonly string[];
  stop(): Promise<void>;
}

/** Starts it. @param folder for its certificate */
export async function startLargeCluster(nodeCount: number, folder: string): Promise<LargeCluster> {
  const { certificate, key } = await makeCertificate(folder, { names: [], ips: ["127.0.0.1"] });
  const lists = listsOf(nodeCount);
  const server = createServer({ cert: certificate, key }, (request, response) =>
    answer(lists, request, response),
  );
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => run(request, socket));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: kubeconfigOf(url, certificate),
    endpoint: `https://${endpoint}`,
    checks: [
      ...["kernel", "bpf-file-system", "calico-node", "ebpf-mode", "service-table", "endpoint-in-use"],
      ...["endpoint-answers", "kube-proxy-pods", "kube-proxy-rules", "kube-proxy-stays-away"],
    ],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}

function kubeconfigOf(server: string, certificate: string): string {
  const ca = Buffer.from(certificate).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "large", cluster: { server, "certificate-authority-data": ca } }],
    users: [{ name: "bench", user: { token: "bench" } }],
    contexts: [{ name: "large", context: { cluster: "large", user: "bench" } }],
    "current-context": "large",
  });
}

/** Lists by path and label selector. */
function listsOf(nodeCount: number): ReadonlyMap<string, readonly object[]> {
  const ready = [{ type: "Ready", status: "True" }];
  const images = Array.from({ length: imageCount }, (_, index) => ({
    names: [`registry.example.com/team/some-service-${index}@sha256:${String(index).padStart(64, "0")}`],
    sizeBytes: 100_000_000 + index,
  }));
  const nodeInfo = { kernelVersion: "6.12.94-123.amzn2023.x86_64", operatingSystem: "linux" };
  const node = (index: number) => ({
    metadata: { name: `node-${index}` },
    status: { conditions: ready, nodeInfo, images },
  });
  const pod = (index: number) => ({
    metadata: { name: `calico-node-${index}`, namespace: "calico-system" },
    spec: {
      nodeName: `node-${index}`,
      containers: [{ name: "calico-node", image: "quay.io/calico/node:v3.32.4" }],
    },
    status: { phase: "Running", conditions: ready },
  });
  const many = <T>(count: number, one: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => one(index));
  return new Map<string, readonly object[]>([
    ["/api/v1/nodes", many(nodeCount, node)],
    ["/api/v1/pods?k8s-app=calico-node", many(nodeCount, pod)],
    ["/api/v1/pods?k8s-app=kube-proxy", []],
    ["/api/v1/services", services],
  ]);
}

function answer(
  lists: ReadonlyMap<string, readonly object[]>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "https://cluster");
  const selector = searchParams.get("labelSelector");
  const found = lists.get(selector === null ? pathname : `${pathname}?${selector}`);
  const [from, limit] = [Number(searchParams.get("continue") ?? 0), Number(searchParams.get("limit"))];
  response.setHeader("content-type", "application/json");
  if (found !== undefined) {
    const next = from + limit < found.length ? { continue: String(from + limit) } : {};
    response.end(JSON.stringify({ metadata: next, items: found.slice(from, from + limit) }));
  } else if (request.method === "POST") {
    response.statusCode = 201;
    response.end(JSON.stringify({ status: { allowed: true } }));
  } else if (pathname === "/version") {
    response.end(JSON.stringify({ gitVersion: "v1.35.4" }));
  } else {
    response.statusCode = 404;
    response.end(JSON.stringify({ kind: "Status", message: "not found" }));
  }
}

const webSocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Carries out a command as the API server streams it: RFC 6455, protocol v4.channel.k8s.io or v5. */
function run({ headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash("sha1")
    .update(`${headers["sec-websocket-key"]}${webSocketGuid}`)
    .digest("base64");
  const [protocol = ""] = (headers["sec-websocket-protocol"] ?? "").split(",");
  socket.on("error", () => socket.destroy());
  // What the client says is not looked at, but that it ends is seen only in what is read.
  socket.resume();
  socket.write(
    [
      ...["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"],
      ...[`Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${protocol}`, "", ""],
    ].join("\r\n"),
  );
  setTimeout(() => {
    socket.write(frame(2, Buffer.from(`\u0001${seenOnNode}`)));
    socket.write(frame(2, Buffer.from(`\u0003${JSON.stringify({ status: "Success" })}`)));
    socket.end(frame(8, Buffer.from([3, 232])));
  }, commandMilliseconds);
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [length] : [126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}
