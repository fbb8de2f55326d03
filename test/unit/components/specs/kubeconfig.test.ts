import { describe, expect, it } from "vitest";
import { withProfile } from "../../../../components/specs/eksCluster.ts";

const roleArn = "arn:aws:iam::111122223333:role/deployer";
const getToken = ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "dev", "--output", "json"];

const kubeconfig = (user: object, ...others: object[]) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    users: [user, ...others].map((one, index) => ({ name: `user-${index}`, user: one })),
    "current-context": "aws",
  });
const exec = (args: readonly string[] | undefined, command = "aws") => ({
  exec: { command, args, env: [{ name: "KUBERNETES_EXEC_INFO", value: "{}" }] },
});

describe("a kubeconfig with a profile", () => {
  it.each<[string, object, object]>([
    ["fetches its tokens with it", exec(getToken), exec([...getToken, "--profile", "work"])],
    [
      "assumes its role with it",
      exec([...getToken, "--role", roleArn]),
      exec([...getToken, "--role", roleArn, "--profile", "work"]),
    ],
    ["fetches them without any other word", exec(undefined), exec(["--profile", "work"])],
    [
      "keeps one that is named already",
      exec([...getToken, "--profile", "other"]),
      exec([...getToken, "--profile", "other"]),
    ],
    ["leaves other programs alone", exec(getToken, "kubelogin"), exec(getToken, "kubelogin")],
    ["leaves a token alone", { token: "abc" }, { token: "abc" }],
  ])("%s", (_name, user, expected) => {
    expect(JSON.parse(withProfile(kubeconfig(user), "work"))).toEqual(JSON.parse(kubeconfig(expected)));
  });

  it("has it for every user", () => {
    const added = exec([...getToken, "--profile", "work"]);

    expect(JSON.parse(withProfile(kubeconfig(exec(getToken), exec(getToken)), "work"))).toEqual(
      JSON.parse(kubeconfig(added, added)),
    );
  });

  it("is the same text without a profile, and the same mapping without users", () => {
    expect(withProfile(kubeconfig(exec(getToken)), undefined)).toBe(kubeconfig(exec(getToken)));
    expect(withProfile("{}", "work")).toBe("{}");
  });
});
