import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { type Ran, run } from "./command.ts";
import { Verified } from "./verified.ts";

const planted = "planted-secret-0123456789";
let verified: Verified;
let folder: string;
let ran: Ran;
let output: string;
const files = new Map<string, string>();

beforeAll(async () => {
  if (parts === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "diagnose-"));
  verified = await Verified.start();
  const [, node = ""] = verified.nodeNames;
  verified.break(node, { net: "" });
  await plant();
  output = join(folder, "diagnosis.tar.gz");
  const admin = verified.living.world.kubernetes.kubeconfigFile ?? "";
  const args = ["--kubeconfig", admin, "--output", output, "--nodes", "1"];
  ran = await run("diagnose", args, {
    ...verified.env,
    AWS_SESSION_TOKEN: `${planted}-session`,
  });
  if (ran.code === 0) await read(output);
}, 300_000);

afterAll(async () => {
  await verified?.end();
  await rm(folder, { recursive: true });
});

/** Puts a secret wherever one could get into what is collected. */
async function plant(): Promise<void> {
  const manager = { manager: "someone" };
  const metadata = { name: "planted", namespace: "calico-system" };
  const container = {
    name: "it",
    image: "it",
    env: [{ name: "DB_PASSWORD", value: planted }],
    args: [`--token=${planted}`],
  };
  await verified.api.create(
    { apiVersion: "v1", kind: "Secret", metadata, stringData: { key: planted } },
    manager,
  );
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": `{"password":"${planted}"}` };
  await verified.api.create(
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, annotations },
      spec: { containers: [container] },
    },
    manager,
  );
  await verified.api.create(
    {
      apiVersion: "v1",
      kind: "Event",
      metadata,
      involvedObject: { kind: "Pod", ...metadata },
      message: `Authorization: Bearer ${planted}`,
      type: "Warning",
      reason: "Planted",
    },
    manager,
  );
}

async function read(file: string): Promise<void> {
  const tar = extract();
  Readable.from([await readFile(file)])
    .pipe(createGunzip())
    .pipe(tar);
  for await (const entry of tar) files.set(entry.header.name.replace(/^[^/]+\//, ""), await text(entry));
}

describe.skipIf(parts === undefined)(`${onRealParts}, npm run diagnose`, { timeout: 60_000 }, () => {
  it("says what it collected and how large it is, and makes it readable for the caller only", async () => {
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^ {2}objects and statuses +\d+ files +\d+ kB/m);
    expect(ran.stdout).toMatch(/diagnosis\.tar\.gz: \d+ kB, \d+ requests\n/);
    expect((await stat(output)).mode & 0o777).toBe(0o600);
  });

  it("holds statuses, events, dumps of the maps, the audit of EC2 and versions", () => {
    const [, node = ""] = verified.nodeNames;
    const names = [...files.keys()];

    expect(names).toEqual(
      expect.arrayContaining([
        "checks.txt",
        "versions.json",
        "objects/installation.json",
        "objects/tigera-statuses.json",
        "events/calico-system.txt",
        "aws/interfaces.json",
        "aws/security-group-rules.json",
        `nodes/${node}/nat.txt`,
        `nodes/${node}/conntrack.txt`,
      ]),
    );
    expect(JSON.parse(files.get("versions.json") ?? "")).toMatchObject({ cni: "Calico" });
    expect(files.get(`nodes/${node}/nat.txt`)).toContain("172.20.0.1 port 443 proto 6 ");
  });

  it("names every log that it could not get, with the reason", () => {
    expect([...files.keys()].filter((name) => name.startsWith("logs/"))).toEqual([]);
    expect(files.get("not-collected.txt")).toMatch(
      /^log of calico-system\/calico-node-\w+, calico-node: .*no program runs on this node/m,
    );
  });

  it("looks first into the node of which something is wrong", () => {
    const [healthy = "", broken = ""] = verified.nodeNames;

    expect(files.get("checks.txt")).toContain(`node ${broken}: no eBPF program of Calico`);
    expect([...files.keys()].some((name) => name.startsWith(`nodes/${broken}/`))).toBe(true);
    expect([...files.keys()].some((name) => name.startsWith(`nodes/${healthy}/`))).toBe(false);
  });

  it("contains no secret and no credential, not even the caller's", () => {
    const all = [...files].map(([name, content]) => `${name}\n${content}`).join("\n");

    // What they were planted into is there.
    expect(all).toContain("DB_PASSWORD");
    expect(all).toContain("Warning Planted Pod planted");
    expect(all).not.toContain(planted);
    expect(all).not.toContain(verified.address.token);
    expect([...files.keys()].filter((name) => /secret/i.test(name))).toEqual([]);
  });
});
