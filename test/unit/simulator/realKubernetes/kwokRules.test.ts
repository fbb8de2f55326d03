import { expect, it } from "vitest";
import { kwokRules } from "../../../simulator/realKubernetes/kubelets/kwokRules.ts";

it("lets kwok run commands for only one namespace, which cannot be guessed", () => {
  const [first, second] = [kwokRules("/state"), kwokRules("/state")];
  const rules = first.yaml.split("---\n").map((text) => JSON.parse(text));

  expect(rules.map(({ kind, spec }) => [kind, spec.selector])).toEqual([
    ["ClusterExec", { matchNamespaces: [first.secretNamespace] }],
    ["ClusterLogs", { matchNamespaces: [first.secretNamespace] }],
  ]);
  expect(first.secretNamespace).toMatch(/^[0-9a-f]{48}$/);
  expect(first.secretNamespace).not.toBe(second.secretNamespace);
});
