import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Api } from "./api.ts";
import type { ApiAddress } from "./client.ts";

/** Port of calico-apiserver, which has the host's network. */
export const calicoApiPort = 5443;

const served = { group: "projectcalico.org", version: "v3" } as const;
const servedVersion = `${served.group}/${served.version}`;
const storedVersion = "crd.projectcalico.org/v1";

const certificateSecret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "calico-apiserver-certs", namespace: "calico-system" },
} as const;

/**
 * What calico-apiserver does in its pods: serves `projectcalico.org/v3` out of the objects that are stored in
 * `crd.projectcalico.org/v1`, with the certificate that the operator made. Of the two groups' kinds it knows no difference.
 */
export class CalicoApi {
  readonly #api: Api;
  readonly #address: ApiAddress;
  readonly #server = createServer((incoming, response) => void this.#answer(incoming, response));

  constructor(api: Api, address: ApiAddress) {
    this.#api = api;
    this.#address = address;
  }

  /** Takes a connection of the API server over. */
  accept(socket: Duplex): void {
    this.#secured(socket).then(
      (secure) => this.#server.emit("connection", secure),
      () => socket.destroy(),
    );
  }

  stop(): void {
    this.#server.closeAllConnections();
  }

  async #secured(socket: Duplex): Promise<TLSSocket> {
    const { data } = ((await this.#api.get(certificateSecret)) ?? {}) as { data?: Record<string, string> };
    const [cert, key] = ["tls.crt", "tls.key"].map((name) => Buffer.from(data?.[name] ?? "", "base64"));
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ cert, key }),
    });
    secure.on("error", () => secure.destroy());
    return secure;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "https://calico-api");
    const own = ownAnswers[url.pathname];
    if (own !== undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(own));
    } else if (url.pathname.startsWith(`/apis/${servedVersion}`)) {
      await this.#pass(incoming, url, response);
    } else {
      response.writeHead(404).end();
    }
  }

  async #pass(incoming: IncomingMessage, { pathname, search }: URL, response: ServerResponse): Promise<void> {
    const body = toStored(await text(incoming));
    const type = incoming.headers["content-type"];
    const passed = request(new URL(toStored(pathname) + search, this.#address.url), {
      method: incoming.method ?? "GET",
      ca: this.#address.certificate,
      headers: {
        authorization: `Bearer ${this.#address.token}`,
        accept: "application/json",
        ...(type === undefined ? {} : { "content-type": type }),
        "content-length": String(Buffer.byteLength(body)),
      },
    });
    passed.once("error", () => response.destroy());
    response.once("close", () => passed.destroy());
    passed.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, { "content-type": "application/json" });
      response.flushHeaders();
      let rest = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        // A watch sends one object a line, and may never end.
        const lines = (rest + part).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) response.write(`${toServed(line)}\n`);
      });
      answer.once("end", () => response.end(toServed(rest)));
      answer.once("error", () => response.destroy());
    });
    passed.end(body);
  }
}

const groupVersion = { groupVersion: servedVersion, version: served.version };

/** What it answers by itself, by path. */
const ownAnswers: Readonly<Record<string, object>> = {
  "/readyz": {},
  "/healthz": {},
  [`/apis/${served.group}`]: {
    kind: "APIGroup",
    apiVersion: "v1",
    name: served.group,
    versions: [groupVersion],
    preferredVersion: groupVersion,
  },
};

/** `projectcalico.org/v3`, and not as the end of a longer name. */
const servedName = /(?<![\w.])projectcalico\.org\/v3(?![\w.])/g;

/** As it is stored: what a client sends. */
export function toStored(texted: string): string {
  return texted.replace(servedName, storedVersion);
}

/** As it is served: what is stored. */
export function toServed(texted: string): string {
  return texted.replaceAll(`"${storedVersion}"`, `"${servedVersion}"`);
}
