import { type ChildProcess, spawn } from "node:child_process";
import type { Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Space } from "./space.ts";

/** A request to the process in the other network. */
export type SocketRequest = { readonly id: number } & (
  | { readonly listen: { readonly host: string; readonly port: number } }
  | { readonly datagrams: { readonly host: string; readonly port: number } }
  | { readonly connect: { readonly host: string; readonly port: number; readonly from?: string } }
);

/** What it answers; the socket comes with it. */
export interface SocketAnswer {
  readonly id: number;
  readonly error?: string;
}

const maker = fileURLToPath(new URL("socketMaker.ts", import.meta.url));

/**
 * Sockets of another network for this process: a helper in that network makes them and hands them over, so that this
 * process, which knows the simulated AWS, answers there itself and sees who asks.
 */
export class NamespaceSockets {
  readonly #space: Space;
  readonly #waiting = new Map<number, (answer: SocketAnswer, handle: unknown) => void>();
  readonly #servers = new Set<Server>();
  readonly #datagrams = new Set<Datagrams>();
  #helper: ChildProcess | undefined;
  #next = 0;

  constructor(space: Space) {
    this.#space = space;
  }

  /** Listens at an address of that network, and hands every connection over. */
  async listen(host: string, port: number, onConnection: (socket: Socket) => void): Promise<void> {
    const server = (await this.#make({ id: this.#next++, listen: { host, port } })) as Server;
    this.#servers.add(server);
    server.on("connection", (socket) => {
      socket.on("error", () => socket.destroy());
      onConnection(socket);
    });
  }

  /** Receives and sends datagrams at an address of that network. */
  async datagrams(host: string, port: number): Promise<Datagrams> {
    const socket = (await this.#make({ id: this.#next++, datagrams: { host, port } })) as Datagrams;
    this.#datagrams.add(socket);
    return socket;
  }

  /**
   * Connects to an address of that network.
   * @param from own address
   * @throws when nothing answers
   */
  async connect(host: string, port: number, from?: string): Promise<Socket> {
    const connect = { host, port, ...(from === undefined ? {} : { from }) };
    return (await this.#make({ id: this.#next++, connect })) as Socket;
  }

  stop(): void {
    for (const one of [...this.#servers, ...this.#datagrams]) one.close();
    this.#helper?.kill("SIGKILL");
  }

  #make(request: SocketRequest): Promise<unknown> {
    const helper = this.#running();
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, ({ error }, handle) =>
        error === undefined && handle !== undefined
          ? resolve(handle)
          : reject(new Error(error ?? "no socket")),
      );
      helper.send(request, (error) => error !== null && reject(error));
    });
  }

  #running(): ChildProcess {
    if (this.#helper !== undefined) return this.#helper;
    const enter = ["--target", String(this.#space.pid), "--net", process.execPath, maker];
    const helper = spawn("setpriv", ["--pdeathsig=KILL", "nsenter", ...enter], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    helper.on("message", (answer: SocketAnswer, handle) => {
      this.#waiting.get(answer.id)?.(answer, handle);
      this.#waiting.delete(answer.id);
    });
    void once(helper, "exit").then(() => {
      for (const [id, end] of this.#waiting)
        end({ id, error: "the helper of its network has ended" }, undefined);
      this.#waiting.clear();
      this.#helper = undefined;
    });
    helper.unref();
    helper.channel?.unref();
    this.#helper = helper;
    return helper;
  }
}
