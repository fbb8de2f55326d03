import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MeasureData } from "../../infra/commands/measure/comparison.ts";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { fortioFile } from "../toolchain/fortio.ts";
import { presentKubernetesTools } from "../toolchain/kubernetesTools.ts";
import { type Figure, milliseconds } from "./measure.ts";
import { type Usage, usageWhile } from "./memory.ts";

/** A short run with its real lengths: two measurements, each three times. */
const args = ["--only", "requests", "--repeats", "3"];

/** What `npm run measure` itself takes of a run, its report included; none where a cluster cannot be simulated. */
export async function measuringFigures(root: string, say: (line: string) => void): Promise<Figure[]> {
  if ((await presentKubernetesTools()) === undefined) return [];
  await fortioFile(say);
  // Only here: it looks for the tools, which are there now.
  const { startLiving } = await import("../scenarios/realKubernetes/living.ts");
  const living = await startLiving();
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  try {
    const problem = await living.up();
    if (problem !== "") throw new Error(problem);
    return await figures(root, living.world.kubernetes.kubeconfigFile ?? "", folder);
  } finally {
    await living.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function figures(root: string, kubeconfig: string, folder: string): Promise<Figure[]> {
  const [json, report] = [join(folder, "measure.json"), join(folder, "measure.md")];
  const script = join(root, "infra", "commands", "cli.js");
  const words = ["--kubeconfig", kubeconfig, ...args, "--json", json, "--report", report];
  const child = spawn(process.execPath, [script, "measure", ...words], {
    cwd: root,
    // Keeps the AWS SDK from looking for the credentials of an instance.
    env: { ...ownEnvironment(), AWS_EC2_METADATA_DISABLED: "true" },
    stdio: "ignore",
  });
  let usage: Usage = { peakBytes: 0, cpuSeconds: 0 };
  let exitCode: unknown;
  const took = await milliseconds(async () => {
    usage = await usageWhile(child.pid ?? 0, async () => {
      [exitCode] = await once(child, "exit");
    });
  });
  if (exitCode !== 0) throw new Error(`measure ${args.join(" ")} ended with exit code ${exitCode}`);
  const { own, runs }: MeasureData = JSON.parse(await readFile(json, "utf8"));
  const others = own.wallSeconds - own.ownSeconds;
  const wall = took / 1000;
  return [
    {
      name: "our own part of a measurement",
      found: wall - others,
      unit: " s",
      detail: `of ${wall.toFixed(0)} s with ${runs.length} runs; of hundreds, what is ours at the start and the end counts for less`,
    },
    {
      name: "CPU time of a measurement ÷ its tools' time",
      found: usage.cpuSeconds / others,
      limit: 0.15,
      unit: "",
      detail: `${usage.cpuSeconds.toFixed(1)} s of CPU, the start and the report included, beside ${others.toFixed(0)} s of tools that run and wait`,
    },
    {
      name: "memory of a measurement",
      found: usage.peakBytes / 2 ** 20,
      limit: 300,
      unit: " MiB",
      detail: "peak of resident memory, the report's charts included",
    },
  ];
}
