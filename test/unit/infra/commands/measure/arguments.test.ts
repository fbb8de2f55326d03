import { describe, expect, it } from "vitest";
import { parseMeasure } from "../../../../../infra/commands/measure/options.ts";

function problemsOf(...args: string[]): string[] {
  try {
    parseMeasure(args);
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .filter((line) => line.startsWith("  "))
      .map((line) => line.trim());
  }
  return [];
}

describe("the command line", () => {
  it("measures a stack as it is, unless it says more", () => {
    expect(parseMeasure(["--stack", "dev"])).toMatchObject({
      cluster: { stack: "dev" },
      modes: [],
      client: undefined,
      only: ["throughput", "replies", "first-packet", "take-in", "source-address"],
      repeats: 6,
      seconds: 10,
      services: [1, 1000, 5000],
    });
  });

  it("names modes, kinds and numbers of services in lists", () => {
    const args = [
      "--stack",
      "dev",
      "--modes",
      "dsr,tunnel",
      "--client",
      "bastion",
      "--i-accept-disruption",
      "--only",
      "take-in, throughput",
    ];

    expect(parseMeasure([...args, "--services", "100,1,100"])).toMatchObject({
      modes: ["dsr", "tunnel"],
      only: ["throughput", "take-in"],
      services: [1, 100],
    });
  });

  it("lists every problem at once", () => {
    expect(problemsOf("--modes", "dsr,fast", "--only", "speed", "--services", "0")).toEqual([
      '--modes: unknown value "fast". Use tunnel, dsr, iptables.',
      '--only: unknown value "speed". Use throughput, replies, first-packet, take-in, source-address.',
      "--services: must be an integer from 1 to 20000, found 0.",
      "--stack, --kubeconfig: one is required.",
      "--modes: needs --stack: modes are switched by the stack's own program.",
      "--modes: each switch disturbs the cluster as docs/switch.md says, iptables most. Add --i-accept-disruption to allow it.",
    ]);
  });

  it("switches modes only when that is accepted", () => {
    const args = ["--stack", "dev", "--modes", "dsr,iptables"];

    expect(problemsOf(...args)).toEqual([
      "--modes: each switch disturbs the cluster as docs/switch.md says, iptables most. Add --i-accept-disruption to allow it.",
    ]);
    expect(problemsOf(...args, "--i-accept-disruption")).toEqual([]);
  });

  it("compares tunnel and dsr only from outside, where they differ", () => {
    const args = ["--stack", "dev", "--modes", "tunnel,dsr", "--i-accept-disruption"];

    expect(problemsOf(...args)).toEqual([
      "--modes: tunnel and dsr differ only for a client outside the cluster. Name one with --client HOST.",
    ]);
    expect(problemsOf(...args, "--client", "bastion")).toEqual([]);
  });

  it("names each mode once", () => {
    expect(problemsOf("--stack", "dev", "--modes", "dsr,dsr", "--i-accept-disruption")).toEqual([
      "--modes: names a mode twice. List each mode once; the way back is measured automatically.",
    ]);
  });
});
