import { describe, expect, it } from "vitest";
import { parseVerify } from "../../../../../infra/commands/verify/arguments.ts";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";

const problemsOf = (...args: string[]) => {
  try {
    parseVerify(args);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1, -1);
  }
};

describe("the command line of verify", () => {
  it("needs a cluster and nothing else", () => {
    expect(parseVerify(["--stack", "dev"])).toEqual({
      cluster: { stack: "dev" },
      endpoint: undefined,
      only: checks.map(({ name }) => name),
      list: false,
      waitMilliseconds: 0,
      count: 1,
      concurrency: 16,
      allowUnknown: false,
      junit: undefined,
      json: undefined,
      timeoutMilliseconds: undefined,
    });
  });

  it("takes a kubeconfig with a context, times, and checks in the order of their table", () => {
    const given = ["--kubeconfig", "admin.conf", "--context", "prod", "--wait", "10m", "--count", "3"];

    expect(parseVerify([...given, "--only", "operator-status,calico-node"])).toMatchObject({
      cluster: { kubeconfig: "admin.conf", context: "prod" },
      waitMilliseconds: 600_000,
      count: 3,
      only: ["calico-node", "operator-status"],
    });
  });

  it("needs no cluster with --list", () => {
    expect(parseVerify(["--list"]).cluster).toBeUndefined();
  });

  it("takes the time after which a request is given up", () => {
    expect(parseVerify(["--stack", "dev", "--timeout", "2m"]).timeoutMilliseconds).toBe(120_000);
  });

  it("lists every problem at once", () => {
    expect(problemsOf("--wait", "soon", "--only", "kernels", "--endpoint", "api.example.com")).toEqual([
      '  --wait: "soon" is an invalid duration; use 90s, 10m or 1h.',
      "  --stack, --kubeconfig: one is required. Name a stack, or the kubeconfig of a cluster.",
      '  --endpoint: "api.example.com" must be an https:// URL; add :PORT if it is not 443.',
      `  --only: unknown check "kernels". Use ${checks.map(({ name }) => name).join(", ")}.`,
    ]);
  });

  it("does not take a stack and a kubeconfig", () => {
    expect(problemsOf("--stack", "dev", "--kubeconfig", "admin.conf")).toEqual([
      "  --stack, --kubeconfig: both given; they exclude each other. Keep one.",
    ]);
  });
});
