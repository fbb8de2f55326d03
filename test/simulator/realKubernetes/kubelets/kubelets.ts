import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type CalicoApi, calicoApiPort } from "../calicoApi.ts";
import { AskServer } from "./askServer.ts";
import { Images } from "./images.ts";
import { type KwokRules, kwokRules } from "./kwokRules.ts";
import type { ContainerName, NodePrograms, Running } from "./programs.ts";
import { type Target, Tunnel } from "./tunnel.ts";

/** Port of every kubelet, as on EKS. */
export const kubeletPort = 10250;

/** What answers on the nodes. */
interface Served {
  readonly programs: NodePrograms;
  /** What runs in the pods of calico-apiserver; undefined: nothing does. */
  readonly calicoApi: CalicoApi | undefined;
}

/**
 * The kubelets' API of the simulated nodes: kwok runs the commands and reads the logs, and this tells it which pod they
 * are for. Only the API server gets here, by its tunnel.
 */
export class Kubelets {
  readonly rules: KwokRules;
  readonly #tunnel: Tunnel;
  readonly #ask: AskServer;
  readonly #images: Images;
  readonly #freeSlots: string[];
  readonly #outside = createHttp((asked, response) => void this.#answer(asked, response));
  readonly #kubelet = createHttp((asked, response) => void this.#kubeletAnswer(asked, response));
  readonly #targets = new WeakMap<Duplex, Target>();
  #secure: SecureContext | undefined;
  #kwokPort = 0;
  #programs: NodePrograms | undefined;
  #calicoApi: CalicoApi | undefined;

  /** @param folder state folder of the control plane */
  constructor(folder: string) {
    const logs = join(folder, "logs");
    mkdirSync(logs);
    this.rules = kwokRules(logs);
    this.#freeSlots = [...this.rules.logFiles.keys()];
    this.#images = new Images(join(folder, "images"));
    this.#ask = new AskServer(() => this.#programs);
    this.#tunnel = new Tunnel(folder, (target, socket) => this.#connect(target, socket));
  }

  get egressSelector(): string {
    return this.#tunnel.egressSelector;
  }

  async listen(kwokPort: number): Promise<void> {
    this.#kwokPort = kwokPort;
    await Promise.all([this.#tunnel.listen(), this.#ask.listen()]);
  }

  /**
   * Lets what runs on the nodes be asked.
   * @param certificates folder with the certificate that the API server has made for itself; any one will do, since it
   *   is told no authority to hold a kubelet's against
   */
  serve({ programs, calicoApi }: Served, certificates: string): void {
    this.#programs = programs;
    this.#calicoApi = calicoApi;
    const [key, cert] = ["apiserver.key", "apiserver.crt"].map((name) =>
      readFileSync(join(certificates, name)),
    );
    this.#secure = createSecureContext({ key, cert });
    this.#kubelet.on("upgrade", (asked, socket, head) => void this.#exec(asked, socket, head));
  }

  stop(): void {
    this.#calicoApi?.stop();
    this.#tunnel.stop();
    this.#ask.stop();
  }

  #connect(target: Target, socket: Duplex): boolean {
    if (target.port === kubeletPort) {
      if (this.#secure === undefined) return false;
      // By hand, so that a request still knows which node it was sent to.
      const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#secure });
      secure.on("error", () => secure.destroy());
      this.#targets.set(secure, target);
      this.#kubelet.emit("connection", secure);
      return true;
    }
    if (target.port === calicoApiPort && this.#calicoApi !== undefined) {
      if (this.#programs?.reachesHostPod(target.host, target.port) !== true) return false;
      this.#calicoApi.accept(socket);
      return true;
    }
    if (this.#programs?.dial !== undefined) {
      joined(socket, this.#programs.dial(target.host, target.port));
      return true;
    }
    this.#targets.set(socket, target);
    this.#outside.emit("connection", socket);
    return true;
  }

  /** A request of the control plane to anything but a kubelet. */
  async #answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = this.#targets.get(asked.socket);
    const body =
      target &&
      (await this.#programs?.answer(target.host, target.port, asked.url ?? "/").catch(() => undefined));
    if (body === undefined) asked.socket.destroy();
    else response.writeHead(200, { "content-type": "text/plain", connection: "close" }).end(body);
  }

  async #exec(asked: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const url = new URL(asked.url ?? "", "https://kubelet");
    const container = await this.#container(url, "exec");
    if (typeof container === "string") return refuse(socket, container);
    const { token, end } = this.#ask.admit(container);
    socket.once("close", end);
    const env = {
      ...container.env,
      PATH: this.#images.pathOf(container.programs),
      REHEARSAL_PORT: String(this.#ask.port),
      REHEARSAL_TOKEN: token,
    };
    const asEnv = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const words = container.enter ?? ["/usr/bin/env", "-i", ...asEnv];
    const query = new URLSearchParams([...url.searchParams].filter(([name]) => name !== "command"));
    for (const word of [...words, ...url.searchParams.getAll("command")]) {
      query.append("command", word);
    }
    const path = `/exec/${this.rules.secretNamespace}/pod/any?${query}`;
    const { method = "POST", headers } = asked;
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

  async #kubeletAnswer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? "", "https://kubelet");
    const host = this.#targets.get(asked.socket)?.host ?? "";
    const own = this.#programs?.kubelet(host, url.pathname);
    if (own === undefined) await this.#logs(url, response);
    else response.writeHead(200, { "content-type": "text/plain" }).end(own);
  }

  async #logs(url: URL, response: ServerResponse): Promise<void> {
    const container = await this.#container(url, "containerLogs");
    const slot = typeof container === "string" ? undefined : this.#freeSlots.pop();
    if (typeof container === "string" || slot === undefined) {
      response.writeHead(404).end(slot === undefined ? "too many logs are read at once" : container);
      return;
    }
    response.once("close", () => this.#freeSlots.push(slot));
    const lines = (await this.#programs?.logs(container)) ?? [];
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

  /** The container of a request for `/exec/NAMESPACE/POD/CONTAINER` or `/containerLogs/…`; else why there is none. */
  async #container({ pathname }: URL, verb: string): Promise<Running | string> {
    const [, asked, namespace, pod, ...rest] = pathname.split("/").map(decodeURIComponent);
    const container = rest.at(-1);
    if (asked !== verb || namespace === undefined || pod === undefined || container === undefined) {
      return `this kubelet knows exec and logs, not ${pathname}`;
    }
    const name: ContainerName = { namespace, pod, container };
    return (await this.#programs?.find(name)) ?? "the node has not started yet";
  }
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

function refuse(socket: Duplex, why: string): void {
  const length = Buffer.byteLength(why);
  socket.end(`HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${why}`);
}
