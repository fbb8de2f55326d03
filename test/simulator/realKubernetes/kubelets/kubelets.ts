import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type CalicoApi, calicoApiPort } from "../calicoApi.ts";
import { type KwokRules, kwokRules } from "./kwokRules.ts";
import type { ContainerName, NodeSide } from "./nodeSide.ts";
import { type Target, Tunnel } from "./tunnel.ts";

/** Port of every kubelet, as on EKS. */
export const kubeletPort = 10250;

/** What answers on the nodes. */
interface Served {
  readonly nodes: NodeSide;
  /** What runs in the pods of calico-apiserver; undefined: nothing does. */
  readonly calicoApi: CalicoApi | undefined;
}

/**
 * The kubelets' API of all nodes: kwok speaks its protocols, runs the commands and reads the logs, and this tells it how to
 * get into which container. Only the API server gets here, by its tunnel.
 */
export class Kubelets {
  readonly rules: KwokRules;
  readonly #tunnel: Tunnel;
  readonly #freeSlots: string[];
  readonly #kubelet = createServer((incoming, response) => this.#logs(incoming, response));
  #secure: SecureContext | undefined;
  #kwokPort = 0;
  #nodes: NodeSide | undefined;
  #calicoApi: CalicoApi | undefined;

  /** @param folder state folder of the control plane */
  constructor(folder: string) {
    const logs = join(folder, "logs");
    mkdirSync(logs);
    this.rules = kwokRules(logs);
    this.#freeSlots = [...this.rules.logFiles.keys()];
    this.#tunnel = new Tunnel(folder, (target, socket) => this.#connect(target, socket));
  }

  get egressSelector(): string {
    return this.#tunnel.egressSelector;
  }

  async listen(kwokPort: number): Promise<void> {
    this.#kwokPort = kwokPort;
    await this.#tunnel.listen();
  }

  /**
   * Serves what runs on the nodes.
   * @param certificates folder with the certificate that the API server has made for itself; any one will do, since it
   *   has no certificate authority to verify a kubelet's
   */
  serve({ nodes, calicoApi }: Served, certificates: string): void {
    this.#nodes = nodes;
    this.#calicoApi = calicoApi;
    const [key, cert] = ["apiserver.key", "apiserver.crt"].map((name) =>
      readFileSync(join(certificates, name)),
    );
    this.#secure = createSecureContext({ key, cert });
    this.#kubelet.on("upgrade", (incoming, socket, head) => this.#exec(incoming, socket, head));
  }

  stop(): void {
    this.#calicoApi?.stop();
    this.#tunnel.stop();
  }

  #connect({ host, port }: Target, socket: Duplex): boolean {
    const nodes = this.#nodes;
    if (nodes === undefined) return false;
    if (port === kubeletPort) {
      const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#secure });
      secure.on("error", () => secure.destroy());
      this.#kubelet.emit("connection", secure);
      return true;
    }
    if (port === calicoApiPort && this.#calicoApi !== undefined) {
      if (!nodes.reachesPod(host, port)) return false;
      this.#calicoApi.accept(socket);
      return true;
    }
    if (nodes.dial === undefined) return false;
    joined(socket, nodes.dial(host, port));
    return true;
  }

  #exec(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const url = new URL(incoming.url ?? "", "https://kubelet");
    const name = containerOf(url, "exec");
    const words = typeof name === "string" ? name : (this.#nodes?.entering(name) ?? notStarted);
    if (typeof words === "string") {
      refuse(socket, words);
      return;
    }
    const query = new URLSearchParams([...url.searchParams].filter(([key]) => key !== "command"));
    for (const word of [...words, ...url.searchParams.getAll("command")]) {
      query.append("command", word);
    }
    const path = `/exec/${this.rules.secretNamespace}/pod/any?${query}`;
    const { method = "POST", headers } = incoming;
    const passed = request({ host: "127.0.0.1", port: this.#kwokPort, method, path, headers });
    passed.once("error", () => socket.destroy());
    passed.once("response", (answer) => refuse(socket, `kwok answered ${answer.statusCode}`));
    passed.once("upgrade", (answer, upstream, rest) => {
      const lines = answer.rawHeaders.map((text, at) => text + (at % 2 === 0 ? ": " : "\r\n")).join("");
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      socket.write(rest);
      upstream.write(head);
      upstream.on("error", () => upstream.destroy());
      socket.once("close", () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    });
    passed.end();
  }

  #logs(incoming: IncomingMessage, response: ServerResponse): void {
    const url = new URL(incoming.url ?? "", "https://kubelet");
    const name = containerOf(url, "containerLogs");
    const lines = typeof name === "string" ? name : (this.#nodes?.logs(name) ?? notStarted);
    const slot = typeof lines === "string" ? undefined : this.#freeSlots.pop();
    if (typeof lines === "string" || slot === undefined) {
      const why = typeof lines === "string" ? lines : "too many logs are read at once";
      response.writeHead(refusedStatus).end(why);
      return;
    }
    response.once("close", () => this.#freeSlots.push(slot));
    writeFileSync(this.rules.logFiles.get(slot) ?? "", lines.map(criLine).join(""));
    const path = `/containerLogs/${this.rules.secretNamespace}/pod/${slot}${url.search}`;
    const passed = request({ host: "127.0.0.1", port: this.#kwokPort, path }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, { "content-type": "text/plain" });
      answer.pipe(response);
    });
    passed.once("error", () => response.destroy());
    response.once("close", () => passed.destroy());
    passed.end();
  }
}

const notStarted = "the node has not started yet";

/** The container of a request for `/exec/NAMESPACE/POD/CONTAINER` or `/containerLogs/…`; else why there is none. */
function containerOf({ pathname }: URL, verb: string): ContainerName | string {
  const [, requested, namespace, pod, ...rest] = pathname.split("/").map(decodeURIComponent);
  const container = rest.at(-1);
  if (requested !== verb || namespace === undefined || pod === undefined || container === undefined) {
    return `this kubelet knows exec and logs, not ${pathname}`;
  }
  return { namespace, pod, container };
}

/** Makes one connection of two. */
function joined(socket: Duplex, opening: Promise<Duplex>): void {
  opening.then(
    (other) => {
      other.on("error", () => socket.destroy());
      other.once("close", () => socket.destroy());
      socket.once("close", () => other.destroy());
      socket.pipe(other).pipe(socket);
    },
    () => socket.destroy(),
  );
}

/** A line as container runtimes keep it. */
function criLine(line: string): string {
  return `${new Date().toISOString()} stdout F ${line}\n`;
}

/** Not a status that is retried, nor one that means that the pod is gone. */
const refusedStatus = 400;

function refuse(socket: Duplex, why: string): void {
  const length = Buffer.byteLength(why);
  socket.end(
    `HTTP/1.1 ${refusedStatus} Bad Request\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${why}`,
  );
}
