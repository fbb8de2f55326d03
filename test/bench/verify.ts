import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import type { VerifyData } from "../../infra/commands/verify/reports.ts";
import { type LargeCluster, startLargeCluster } from "./largeCluster.ts";
import { type Figure, milliseconds } from "./measure.ts";
import { peakBytesWhile } from "./memory.ts";

const nodeCount = 1000;

/** How much faster verify is than with sixteen commands at a time, on an API server that takes no time itself. */
export async function verifyFigures(root: string): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  const cluster = await startLargeCluster(nodeCount, folder);
  try {
    await writeFile(join(folder, "kubeconfig.json"), cluster.kubeconfig);
    const now = await verify(root, folder, cluster);
    // Four times as many commands as requests are under way.
    const sixteen = await verify(root, folder, cluster, ["--concurrency", "4"]);
    return [
      {
        name: `verify of ${nodeCount} nodes ÷ sixteen commands at a time`,
        found: now.seconds / sixteen.seconds,
        limit: 0.6,
        unit: "",
        detail: `${now.seconds.toFixed(1)} s and ${sixteen.seconds.toFixed(1)} s`,
      },
      { name: "its memory", found: now.gib, limit: 1, unit: " GiB", detail: "peak of resident memory" },
      {
        name: "its requests for each node",
        found: now.requests / nodeCount,
        limit: 1.2,
        unit: "",
        detail: "one command in calico-node, and lists page by page",
      },
    ];
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What one run of `npm run verify` took. */
interface Look {
  readonly seconds: number;
  readonly gib: number;
  readonly requests: number;
}

/** Runs the command in a separate process. */
async function verify(
  root: string,
  folder: string,
  { checks, endpoint }: LargeCluster,
  more: readonly string[] = [],
): Promise<Look> {
  const json = join(folder, "verify.json");
  const cluster = ["--kubeconfig", join(folder, "kubeconfig.json"), "--endpoint", endpoint];
  const child = spawn(
    process.execPath,
    [
      join(root, "infra", "commands", "cli.js"),
      ...["verify", ...cluster, "--only", checks.join(","), "--json", json, ...more],
    ],
    {
      env: { ...ownEnvironment(), AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
      stdio: "ignore",
    },
  );
  let peakBytes = 0;
  const took = await milliseconds(async () => {
    peakBytes = await peakBytesWhile(child.pid ?? 0, () => once(child, "exit"));
  });
  const { passed, requests, checks: found }: VerifyData = JSON.parse(await readFile(json, "utf8"));
  if (!passed) throw new Error(`the benchmark's own cluster does not pass: ${JSON.stringify(wrong(found))}`);
  return { seconds: took / 1000, gib: peakBytes / 2 ** 30, requests };
}

function wrong(found: VerifyData["checks"]): unknown {
  return found
    .filter(({ verdict }) => verdict === "failed" || verdict === "unknown")
    .map(({ name, findings }) => [name, findings.find(({ verdict }) => verdict !== "passed")?.evidence]);
}
