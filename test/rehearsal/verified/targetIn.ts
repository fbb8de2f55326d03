import { readFileSync } from "node:fs";
import { targetOf } from "../../../infra/commands/verify/stackTarget.ts";
import type { Target } from "../../../infra/commands/verify/target.ts";
import type { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import type { Engine } from "../engine.ts";

/** A stack that is up on a real API server. */
export interface UpStack {
  readonly engine: Engine;
  readonly kubernetes: RealKubernetes;
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the project. */
  readonly root: string;
}

/** A stack's outputs about its cluster, which is reached at a port of this machine. */
export async function targetIn({ engine, kubernetes, stack, root }: UpStack): Promise<Target> {
  const kubeconfig = readFileSync(kubernetes.kubeconfigFile ?? "", "utf8");
  const outputs = JSON.parse(await engine.command("stack", "output", "--show-secrets", "--json"));
  return targetOf(stack, { ...outputs, kubeconfig }, root);
}
