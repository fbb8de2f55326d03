import { onTestFinished } from "vitest";
import type { Live, Outcome } from "../../../../../infra/commands/verify/check.ts";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";
import { judge } from "../../../../../infra/commands/verify/suite.ts";
import { type Answer, listOf, liveAt, startFakeApi } from "./fakeApi.ts";

/** A Deployment in kube-system, with as many pods as it wants by default. */
export function deployment(
  name: string,
  change: { readonly wanted?: number; readonly available?: number; readonly manager?: string } = {},
) {
  const { wanted = 2, available = wanted, manager = "test" } = change;
  return {
    metadata: { name, namespace: "kube-system", managedFields: [{ manager }] },
    spec: { replicas: wanted, selector: { matchLabels: { app: name } } },
    status: { availableReplicas: available },
  };
}

/** What a check says of a cluster with two ready nodes on EC2 and these answers. */
export async function judgedAt(
  name: string,
  answers: Readonly<Record<string, Answer>>,
  target: Partial<Live["target"]> = {},
): Promise<Outcome> {
  const nodes = ["one", "two"].map((node) => ({
    metadata: { name: node },
    spec: { providerID: `aws:///eu-west-1a/i-0123456789abcde${node === "one" ? "f0" : "f1"}` },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  }));
  const api = await startFakeApi({ "/api/v1/nodes": listOf(...nodes), ...answers });
  onTestFinished(() => api.stop());
  const check = checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return judge(check, liveAt(api.url, target));
}

/** What did not pass, as `node: evidence`. */
export function failures({ findings }: Outcome): string[] {
  return findings
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ node, evidence }) => (node === undefined ? evidence : `${node}: ${evidence}`));
}
