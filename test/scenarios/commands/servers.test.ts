import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenLocally } from "../../support/localServer.ts";
import { type Ran, run, traces } from "./run.ts";

// Each case starts a process that loads the client, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

let folder = "";
let stop: () => Promise<void> = async () => {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "servers-"));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const page = "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>";

async function http(listener: RequestListener): Promise<string> {
  const server = await listenLocally(createServer(listener));
  stop = server.stop;
  return server.url;
}

async function sockets(onSocket: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createSocketServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  stop = async () => {
    for (const one of open) one.destroy();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function at(
  command: string,
  server: string,
  user: object = { token: "secret-token" },
  ...args: string[]
): Promise<Ran> {
  const file = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "it",
    contexts: [{ name: "it", context: { cluster: "it", user: "me" } }],
    clusters: [{ name: "it", cluster: { server } }],
    users: [{ name: "me", user }],
  };
  writeFileSync(file, JSON.stringify(config));
  const ran = await run(command, ["--kubeconfig", file, ...args], {
    folder,
    env: { AWS_EC2_METADATA_DISABLED: "true" },
  });
  return { ...ran, stderr: ran.stderr.replaceAll(server, "SERVER") };
}

/** One line of what is wrong, and nothing else. */
function expectLine({ code, stdout, stderr }: Ran, line: string): void {
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: `${line}\n` });
  expect(traces(stderr)).toEqual([]);
}

const notKubernetes = "it is not a Kubernetes API server. Check the server of the kubeconfig.";
const commands = ["verify", "diagnose", "measure"];

describe.each(commands)("%s", (command) => {
  it("says that a web page answers where the API server should", async () => {
    const server = await http((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    });

    expectLine(await at(command, server), `SERVER answers /version with a web page: ${notKubernetes}`);
  });

  it("says where it is redirected to", async () => {
    const server = await http((_request, response) => {
      response.writeHead(302, { location: "https://login.example.com/" }).end();
    });

    expectLine(
      await at(command, server),
      "SERVER redirects GET /version to https://login.example.com/ (302), which an API server never does: a proxy or a login page answers there. Use the address of the API server itself.",
    );
  });

  it("gives up a server that hangs, after the time that was set, and says every few seconds that it waits", async () => {
    const server = await sockets(() => {});
    const { code, stdout, stderr } = await at(command, server, undefined, "--timeout", "6s");

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "waiting for SERVER: no answer for 5 s, given up after 6 s (--timeout)\nSERVER did not answer GET /version within 6 s; --timeout raises the limit\n",
    );
  });

  it("names a credentials program that is not on PATH", async () => {
    const server = await http((_request, response) => void response.end("{}"));
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "aws-no-such-program", args: [] };

    expectLine(
      await at(command, server, { exec }),
      "no credentials: aws-no-such-program is not on PATH; the kubeconfig names it as the program that gets a token. Install it, or correct the kubeconfig.",
    );
  });
});

describe("verify", () => {
  it.each([
    { what: "text that is not JSON", body: "ok", said: "text that is not JSON" },
    { what: "bytes that are no text", body: "\u0000\u001b[31mred\u0007", said: "text that is not JSON" },
    { what: "nothing", body: "", said: "text that is not JSON" },
    { what: "a list", body: "[]", said: "JSON that is not an object" },
    { what: "null", body: "null", said: "JSON that is not an object" },
    { what: "a page with a byte order and blanks before it", body: `\n  ${page}`, said: "a web page" },
  ])("says that a server answers with $what, and echoes none of it", async ({ body, said }) => {
    const server = await http((_request, response) => void response.end(body));

    expectLine(await at("verify", server), `SERVER answers /version with ${said}: ${notKubernetes}`);
  });

  it("does not quote the web page of a refusal", async () => {
    const server = await http((_request, response) => void response.writeHead(403).end(page));

    expectLine(
      await at("verify", server),
      "this account may not: the answer is a web page, not from an API server (403)",
    );
  });

  it("says that no HTTP server is there", async () => {
    const server = await sockets((socket) => socket.end("SSH-2.0-OpenSSH_9.6\u0000\u001b[2J\r\n"));
    const { code, stderr } = await at("verify", server, undefined, "--timeout", "2s");

    expect(code).toBe(1);
    expect(stderr).toMatch(/^SERVER (cannot be reached|gives no answer)[^\n]*\n$/);
    expect(traces(stderr)).toEqual([]);
  });

  it("gives up an answer that begins and never ends", async () => {
    const server = await sockets((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
      const drip = setInterval(() => socket.write(" "), 300);
      socket.once("close", () => clearInterval(drip));
    });

    expectLine(
      await at("verify", server, undefined, "--timeout", "3s"),
      "SERVER did not answer GET /version within 3 s; --timeout raises the limit",
    );
  });

  it.each([
    {
      what: "prints no JSON",
      script: "echo AKIAIOSFODNN7EXAMPLE",
      said: "did not print an ExecCredential in JSON, which the kubeconfig expects",
    },
    {
      what: "prints other JSON",
      script: "echo '{}'",
      said: "did not print an ExecCredential in JSON, which the kubeconfig expects",
    },
    {
      what: "fails",
      script: "echo 'SSO session has expired' >&2; exit 255",
      said: "failed: SSO session has expired",
    },
    { what: "fails without a word", script: "exit 1", said: "failed: no reason given" },
  ])(
    "says of a credentials program that it $what, and does not quote a credential",
    async ({ script, said }) => {
      const server = await http((_request, response) => void response.end("{}"));
      const command = join(folder, "get-token");
      writeFileSync(command, `#!/bin/sh\n${script}\n`);
      chmodSync(command, 0o755);

      expectLine(
        await at("verify", server, { exec: { apiVersion: "client.authentication.k8s.io/v1", command } }),
        `no credentials: ${command} ${said}`,
      );
    },
  );

  it("gives up a credentials program that hangs", async () => {
    const server = await http((_request, response) => void response.end("{}"));
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sleep", args: ["20"] };
    const { code, stderr } = await at("verify", server, { exec }, "--timeout", "1s");

    expect([code, stderr]).toEqual([
      1,
      "SERVER did not answer GET /version within 1 s; --timeout raises the limit\n",
    ]);
  });

  it.each([
    {
      what: "YAML that is broken",
      text: "clusters: [\n  secret-token: }",
      said: /^--kubeconfig: \S+ is not a kubeconfig: not YAML, line \d: [^\n]*\.\n$/,
    },
    {
      what: "bytes",
      text: "\u0000\u001b[2J\u0007ELF secret-token",
      said: /^--kubeconfig: \S+ is not a kubeconfig: [^\n]*\.\n$/,
    },
    { what: "a list", text: "[secret-token]", said: /^--kubeconfig: [^\n]*\n$/ },
    { what: "nothing", text: "", said: /^--kubeconfig: [^\n]*\n$/ },
  ])("refuses a kubeconfig that is $what in one line without quoting it", async ({ text, said }) => {
    const file = join(folder, "kubeconfig");
    writeFileSync(file, text);
    const { code, stdout, stderr } = await run("verify", ["--kubeconfig", file]);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain("secret-token");
    expect(traces(stderr)).toEqual([]);
  });
});
