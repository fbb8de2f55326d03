import { describe, expect, it } from "vitest";
import { parseMeasure } from "../../../../../infra/commands/measure/command.ts";

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
      yes: false,
      client: undefined,
      only: undefined,
      repeats: 6,
      services: [1, 100, 5000],
      lengths: {
        throughputSeconds: 30,
        requestSeconds: 10,
        warmUpSeconds: 3,
        firstPackets: 200,
        firstPacketsPerSecond: 20,
      },
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
      "--only",
      "first-packet, requests",
    ];

    expect(parseMeasure([...args, "--services", "100,1,100"])).toMatchObject({
      modes: ["dsr", "tunnel"],
      only: ["first packet", "requests"],
      services: [1, 100],
    });
  });

  it("lists every problem at once", () => {
    expect(problemsOf("--modes", "dsr,fast", "--only", "speed", "--services", "0")).toEqual([
      '--modes: unknown value "fast". Use tunnel, dsr, iptables.',
      '--only: unknown value "speed". Use throughput, requests, connections, first-packet, source-address.',
      "--services: must be an integer from 1 to 20000, found 0.",
      "--stack, --kubeconfig: name one of them.",
      "--modes: needs --stack: modes are switched by the stack's own program.",
    ]);
  });

  it("takes eBPF off only when that is accepted", () => {
    const args = ["--stack", "dev", "--modes", "dsr,iptables"];

    expect(problemsOf(...args)).toEqual([
      "--modes: iptables turns eBPF off on every node and on again; open connections break. Add --i-accept-disruption to allow it.",
    ]);
    expect(problemsOf(...args, "--i-accept-disruption")).toEqual([]);
  });

  it("compares tunnel and dsr only from outside, where they differ", () => {
    const args = ["--stack", "dev", "--modes", "tunnel,dsr"];

    expect(problemsOf(...args)).toEqual([
      "--modes: tunnel and dsr differ only for a client outside the cluster. Name one with --client HOST.",
    ]);
    expect(problemsOf(...args, "--client", "bastion")).toEqual([]);
  });

  it("names each mode once", () => {
    expect(problemsOf("--stack", "dev", "--modes", "dsr,dsr")).toEqual([
      "--modes: names a mode twice. The first mode is measured at both ends of a run anyway.",
    ]);
  });
});
