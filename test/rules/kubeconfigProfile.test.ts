import { expect, it } from "vitest";
import { withProfile } from "../../components/rules/kubeconfigProfile.ts";

const get = ["eks", "get-token", "--cluster-name", "dev"];
const kubeconfig = (args: readonly string[]) =>
  JSON.stringify({ kind: "Config", users: [{ name: "aws", user: { exec: { command: "aws", args } } }] });

it("a kubeconfig without a profile gets it", () => {
  expect(withProfile(kubeconfig(get), "work")).toBe(kubeconfig([...get, "--profile", "work"]));
});

it.each<[string, string, string | undefined]>([
  ["no profile is set", kubeconfig(get), undefined],
  ["it has one", kubeconfig([...get, "--profile", "other"]), "work"],
  ["it has a token of its own", '{"users":[{"name":"me","user":{"token":"x"}}]}', "work"],
])("it stays as it is where %s", (_why, json, profile) => {
  expect(withProfile(json, profile)).toBe(json);
});
