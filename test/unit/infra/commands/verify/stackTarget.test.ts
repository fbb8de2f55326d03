import { describe, expect, it } from "vitest";
import { targetOf } from "../../../../../infra/commands/verify/stackTarget.ts";

const outputs = {
  kubeconfig: '{"users":[{"user":{"token":"secret"}}]}',
  clusterEndpoint: "https://a.gr7.eu-west-1.eks.amazonaws.com",
  region: "eu-west-1",
  kubeProxy: "Absent",
};

describe("the cluster of a stack", () => {
  it("is reached by its kubeconfig, and judged by its other outputs", () => {
    expect(targetOf("dev", outputs, "/project")).toEqual({
      name: "stack dev",
      kubeconfig: outputs.kubeconfig,
      folder: "/project",
      endpoint: outputs.clusterEndpoint,
      expected: {
        stack: "dev",
        clusterEndpoint: outputs.clusterEndpoint,
        region: "eu-west-1",
        kubeProxy: "Absent",
      },
    });
  });

  it("keeps the kubeconfig out of what is compared and reported", () => {
    expect(JSON.stringify(targetOf("dev", outputs, "/project").expected)).not.toContain("secret");
  });

  it("accepts a kubeconfig that is not a string unchanged", () => {
    expect(targetOf("dev", { ...outputs, kubeconfig: { users: [] } }, "/").kubeconfig).toBe('{"users":[]}');
  });

  it.each([
    [{}, "--stack: dev has no outputs. Run npx pulumi up first."],
    [
      { dataplane: "BPF" },
      "--stack: dev has no output kubeconfig, because it adopts an existing cluster. Use --kubeconfig FILE.",
    ],
  ])("is not there with the outputs %j", (given, words) => {
    expect(() => targetOf("dev", given, "/")).toThrow(words);
  });
});
