import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";

/** Where a connection of the control plane leads to. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Takes a connection over; false: nothing answers there. */
export type Answers = (target: Target, socket: Duplex) => boolean;

/** The only way from the control plane to nodes and pods, as the API server's egress selector knows it. */
export class Tunnel {
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #file: string;

  /** @param folder that only this user may read: any client that connects is treated as the control plane */
  constructor(folder: string, answers: Answers) {
    this.#file = join(folder, "egress.sock");
    this.#server = createServer((_, response) => response.writeHead(400).end());
    this.#server.on("connect", ({ url = "" }, socket) => {
      const { hostname, port } = new URL(`tcp://${url}`);
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (!answers({ host: hostname, port: Number(port) }, socket)) socket.destroy();
    });
  }

  /** Configuration that makes the API server take this way. */
  get egressSelector(): string {
    const transport = { uds: { udsName: this.#file } };
    return JSON.stringify({
      apiVersion: "apiserver.k8s.io/v1beta1",
      kind: "EgressSelectorConfiguration",
      egressSelections: [{ name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport } }],
    });
  }

  /** @throws when the socket cannot be made */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#file, resolve);
    });
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#file, { force: true });
  }
}
