import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { NodePrograms, Outcome, Running } from "./programs.ts";

/** Answers the stand-ins for the programs of containers. */
export class AskServer {
  readonly #programs: () => NodePrograms | undefined;
  readonly #server: Server;
  readonly #asking = new Map<string, Running>();
  readonly #sockets = new Set<Socket>();

  constructor(programs: () => NodePrograms | undefined) {
    this.#programs = programs;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Makes a token by which the programs that a command starts are known, until it is given back. */
  admit(container: Running): { readonly token: string; readonly end: () => void } {
    const token = randomBytes(24).toString("hex");
    this.#asking.set(token, container);
    return { token, end: () => this.#asking.delete(token) };
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      // Token, number of arguments, program, arguments; each ended by a zero.
      const [token = "", count = "", program = "", ...rest] = text.split("\0");
      if (count === "" || rest.length <= Number(count)) return;
      socket.removeAllListeners("data");
      void this.#outcome(token, program, rest.slice(0, Number(count))).then((outcome) =>
        socket.end(encoded(outcome)),
      );
    });
  }

  async #outcome(token: string, program: string, args: readonly string[]): Promise<Outcome> {
    const container = this.#asking.get(token);
    const programs = this.#programs();
    if (container === undefined || programs === undefined) return { exitCode: 126, stderr: "not admitted\n" };
    try {
      return await programs.run(container, program, args);
    } catch (error) {
      return { exitCode: 126, stderr: `${program}: ${error instanceof Error ? error.message : error}\n` };
    }
  }
}

/** Exit code and stderr in one line, then stdout to the end. */
function encoded({ stdout = "", stderr = "", exitCode = 0 }: Outcome): string {
  const escaped = stderr.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `${exitCode}\t${escaped}\n${stdout}`;
}
