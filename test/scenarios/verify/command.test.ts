import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { kubeconfigFile, kubeconfigFor } from "../../simulator/existing/accounts.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { type Ran, run } from "./command.ts";
import { savedStack } from "./savedStack.ts";
import { Verified } from "./verified.ts";

let verified: Verified;
let folder: string;
let admin: string;
let endpoint: string;

beforeAll(async () => {
  if (parts === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "verify-command-"));
  verified = await Verified.start();
  admin = verified.living.world.kubernetes.kubeconfigFile ?? "";
  endpoint = `https://${verified.living.world.cloud.endpointHost()}`;
}, 300_000);

afterEach(() => verified?.restore());

afterAll(async () => {
  await verified?.end();
  await rm(folder, { recursive: true });
});

const reading = checks.filter(({ needs }) => !needs.includes("workloads")).map(({ name }) => name);

function verify(kubeconfig: string, ...args: readonly string[]): Promise<Ran> {
  const given = ["--kubeconfig", kubeconfig, "--endpoint", endpoint, ...args];
  return run("verify", given, verified.env);
}

/** Files below a folder that hold a text. */
async function filesWith(top: string, words: string): Promise<string[]> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file, "utf8").includes(words));
}

/** Acts as soon as a command prints some words. */
function whenSaying(words: string, act: (child: ChildProcess) => void) {
  return (child: ChildProcess) =>
    void child.stdout?.on("data", (part) => {
      if (String(part).includes(words)) act(child);
    });
}

describe.skipIf(parts === undefined)(`${onRealParts}, npm run verify`, { timeout: 120_000 }, () => {
  it("ends with 0 on a healthy cluster, prints a line for each check, and writes both files", async () => {
    const [junit, json] = [join(folder, "verify.xml"), join(folder, "verify.json")];
    const only = ["--only", reading.join(",")];
    const { code, stdout, stderr } = await verify(admin, ...only, "--junit", junit, "--json", json);

    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.startsWith("✓ ")).length).toBe(reading.length - 7);
    // Pods have addresses of Calico, only a stack says how the two objects must be, and it has nothing else.
    expect(lines.filter((line) => line.startsWith("- ")).map((line) => line.split(" ")[1])).toEqual([
      "vpc-cni",
      "installation",
      "felix-configuration",
      "node-metrics",
      "volumes",
      "cluster-autoscaler",
      "karpenter",
    ]);
    expect(code).toBe(0);
    expect(readFileSync(junit, "utf8")).toContain(
      `tests="${reading.length}" failures="0" errors="0" skipped="7"`,
    );
    const data = JSON.parse(readFileSync(json, "utf8"));
    expect(data).toMatchObject({ passed: true, requests: expect.any(Number) });
    expect(data.checks.map(({ name }: { name: string }) => name)).toEqual(reading);
  });

  it("ends with 1, and says at which node what is wrong, what that means and what to do", async () => {
    const [, node = ""] = verified.nodeNames;
    verified.break(node, { net: "" });

    const { code, stdout } = await verify(admin, "--only", "ebpf-mode");

    expect(code).toBe(1);
    expect(stdout.split("\n").slice(2, 6)).toEqual([
      `✗ ebpf-mode node ${node}: no eBPF program of Calico is attached to an interface of the node`,
      "            Meaning: Felix on that node runs in iptables mode. Its pods cannot reach pods on nodes in eBPF mode: over VXLAN the two exchange no packets. Without kube-proxy, services do not work there either.",
      expect.stringMatching(/^ {12}Fix: Look for /),
      "            More: docs/troubleshooting.md#ebpf-mode",
    ]);
  });

  it("waits until enough looks in a row pass", async () => {
    const [, node = ""] = verified.nodeNames;
    verified.break(node, { mounts: "" });

    const { code, stdout } = await run(
      "verify",
      ["--kubeconfig", admin, "--only", "bpf-file-system", "--wait", "1m", "--count", "2"],
      verified.env,
      whenSaying("not yet", () => verified.restore()),
    );

    expect(code).toBe(0);
    expect(stdout).toMatch(/after \d+ s: not yet: bpf-file-system\nafter \d+ s: passed, 1 of 2 in a row\n/);
  });

  it("names the checks that an account without exec loses, and ends with 1 unless that is allowed", async () => {
    const rules = [{ verbs: ["get", "list"], apiGroups: ["*"], resources: ["*"] }];
    const reader = await kubeconfigFor(verified.api, verified.address, "reader", rules, folder);
    const only = ["--only", "calico-node,bpf-file-system,ebpf-mode"];

    const [strict, lenient] = await Promise.all([
      verify(reader, ...only),
      verify(reader, ...only, "--allow-unknown"),
    ]);

    expect(strict.stdout).toContain(
      "This account may not create pods/exec in calico-system, which these checks need: bpf-file-system, ebpf-mode.\n",
    );
    expect(strict.stdout).toContain("? ebpf-mode       nodes ");
    expect(strict.stdout).toContain("this account may not exec into pods of calico-system (403)");
    expect(strict.stdout).toContain("✓ calico-node ");
    expect([strict.code, lenient.code]).toEqual([1, 0]);
  });

  it("says in one line that credentials have expired, and in both files", async () => {
    const json = join(folder, "expired.json");
    const expired = kubeconfigFile(verified.address, { token: "long-gone" }, folder);

    const { code, stderr } = await verify(expired, "--json", json);

    expect(code).toBe(1);
    expect(stderr).toBe(
      "the credentials are not accepted (401): they have expired, or belong to another cluster\n",
    );
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ passed: false, problem: stderr.trim() });
  });

  it("says in one line that there is no cluster", async () => {
    const gone = join(folder, "gone.json");
    writeFileSync(gone, readFileSync(admin, "utf8").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9"));

    const { code, stdout, stderr } = await verify(gone);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    // On a slow machine the wait is printed, too.
    expect(stderr).toMatch(
      /^(waiting for https:\/\/127\.0\.0\.1:9: .*\n)*https:\/\/127\.0\.0\.1:9 cannot be reached: nothing listens there\n$/,
    );
  });

  it("finds the cluster by the name of its stack, and leaves no kubeconfig behind", async () => {
    const backend = join(folder, "backend");
    const temporary = join(folder, "temporary");
    await Promise.all([backend, temporary].map((one) => mkdir(one)));
    const env = {
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      TMPDIR: temporary,
    };
    await savedStack("dev", verified.target, env);

    const known = await run("verify", ["--stack", "dev", "--only", "calico-node"], env);
    const unknown = await run("verify", ["--stack", "prod"], env);

    expect(known.stderr).toBe("");
    expect(known.stdout).toContain("Cluster of stack dev at https://127.0.0.1:");
    expect(known.code).toBe(0);
    expect(await filesWith(temporary, verified.address.token)).toEqual([]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^--stack: prod: no stack named 'prod' found\. npx pulumi stack ls .*\n$/,
      ),
    });
  });

  it("ends with 130 on Ctrl-C, with no trace of a stack", async () => {
    const { code, stderr } = await run(
      "verify",
      ["--kubeconfig", admin, "--only", "calico-node", "--wait", "10m", "--count", "9"],
      verified.env,
      whenSaying("1 of 9", (child) => child.kill("SIGINT")),
    );

    expect(code).toBe(130);
    expect(stderr).toBe("Interrupted; removing what the checks created.\nverify: interrupted\n");
  });
});
