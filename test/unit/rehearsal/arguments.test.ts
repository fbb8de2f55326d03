import { describe, expect, it } from "vitest";
import { usageText } from "../../../infra/commands/shared/arguments.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { parseArguments } from "../../rehearsal/arguments.ts";
import { options, rehearse } from "../../rehearsal/options.ts";

const refused = (...args: string[]) => {
  try {
    return parseArguments(args);
  } catch (error) {
    return error instanceof UserError ? error.message.split("\n").slice(0, -1) : error;
  }
};

const defaults = {
  stack: { stack: "dev" },
  until: "destroy",
  kubernetes: "memory",
  dataPath: "none",
  verify: false,
  faults: [],
  report: undefined,
  json: undefined,
};

const known =
  "--stack, --stack-file, --from, --to, --set, --until, --kubernetes, --data-path, --calico-files, --nodes, --client, --verify, --measure, --fault, --kill-after, --signal, --report, --json or --help";

describe("the arguments of a rehearsal", () => {
  it.each([
    { args: [] },
    { args: ["--stack", "prod"], stack: { stack: "prod" } },
    { args: ["--stack=prod", "--until", "up"], stack: { stack: "prod" }, until: "up" },
    { args: ["--stack-file", "a b.yaml"], stack: { file: "a b.yaml" } },
    { args: ["--until=preview"], until: "preview" },
    { args: ["--from", "a.yaml", "--to", "b.yaml"], stack: { file: "a.yaml" }, change: { to: "b.yaml" } },
    {
      args: ["--stack", "prod", "--set", "kubeProxy=Parked", "--set=calico.mtu=1440"],
      stack: { stack: "prod" },
      change: { set: ["kubeProxy=Parked", "calico.mtu=1440"] },
    },
    { args: ["--kubernetes", "real"], kubernetes: "real" },
    { args: ["--kubernetes", "real", "--data-path=real"], kubernetes: "real", dataPath: "real" },
    {
      args: ["--kubernetes", "real", "--data-path=real", "--measure", "iptables, dsr"],
      kubernetes: "real",
      dataPath: "real",
      measure: ["iptables", "dsr"],
    },
    {
      args: ["--kubernetes", "real", "--data-path", "real", "--calico-files", "./files"],
      kubernetes: "real",
      dataPath: "real",
      calicoFiles: "./files",
    },
    { args: ["--nodes", "1000"], nodes: 1000 },
    { args: ["--client", "10.60.0.10"], client: "10.60.0.10" },
    { args: ["--client=sg-0a1b2c3d"], client: "sg-0a1b2c3d" },
    { args: ["--kubernetes", "real", "--verify"], kubernetes: "real", verify: true },
    { args: ["--report", "a.md", "--json=b.json"], report: "a.md", json: "b.json" },
    {
      args: ["--fault", "Vpc:create:error", "--fault=felix:read:lost:2"],
      faults: [
        { target: "Vpc", operation: "create", kind: "error", when: "once" },
        { target: "felix", operation: "read", kind: "lost", when: 2 },
      ],
    },
    { args: ["--kill-after", "200"], interruption: { afterEvents: 200, signal: "SIGINT" } },
    {
      args: ["--kill-after=1", "--signal", "SIGKILL"],
      interruption: { afterEvents: 1, signal: "SIGKILL" },
    },
    {
      args: ["--kill-after=1", "--report", "a.md", "--json", "a.json"],
      interruption: { afterEvents: 1, signal: "SIGINT" },
      report: "a.md",
      json: "a.json",
    },
  ])("reads $args", ({ args, ...expected }) => {
    expect(parseArguments(args)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    { args: ["--until", "later"], line: '--until: "later" is not valid. Use preview, up or destroy.' },
    { args: ["--from", "a.yaml"], line: "--from: has no effect without --to or --set." },
    {
      args: ["--from", "a.yaml", "--to", "b.yaml", "--stack", "dev"],
      line: "--from, --stack: both name the stack file. Keep one.",
    },
    {
      args: ["--to", "b.yaml", "--set", "kubeProxy=Parked"],
      line: "--set, --to: both given; they exclude each other. Keep one.",
    },
    {
      args: ["--to", "b.yaml", "--kill-after", "3"],
      line: "--to, --kill-after: a change can be rehearsed only completely and without faults. Keep one.",
    },
    { args: ["--kubernetes", "kind"], line: '--kubernetes: "kind" is not valid. Use memory or real.' },
    { args: ["--verify"], line: "--verify: needs a cluster to check. Add --kubernetes real." },
    {
      args: ["--kubernetes", "memory", "--verify"],
      line: "--verify: needs a cluster to check. Add --kubernetes real.",
    },
    {
      args: ["--kubernetes", "real", "--verify", "--until", "preview"],
      line: "--until preview, --verify: a preview leaves no cluster to verify. Keep one.",
    },
    { args: ["--nodes", "0"], line: '--nodes: "0" must be a positive integer, at most 9999999.' },
    { args: ["--stack"], line: "--stack: needs a value: --stack prod" },
    { args: ["--report"], line: "--report: needs a value: --report rehearsal.md" },
    { args: ["--stack="], line: "--stack: needs a value: --stack prod" },
    { args: ["--stack", "--until", "up"], line: "--stack: needs a value: --stack prod" },
    { args: ["--stack", "a", "--stack", "b"], line: "--stack: given twice. Keep one." },
    { args: ["--help=yes"], line: "--help: takes no value." },
    { args: ["prod"], line: "prod: unexpected argument; every argument is an option and its value." },
    {
      args: ["--stak", "prod"],
      line: `--stak: unknown option. Use ${known}.`,
    },
    {
      args: ["--constructor"],
      line: `--constructor: unknown option. Use ${known}.`,
    },
    {
      args: ["--stack", "a", "--stack-file", "b.yaml"],
      line: "--stack, --stack-file: both given; they exclude each other. Keep one.",
    },
    {
      args: ["--kill-after", "soon"],
      line: '--kill-after: "soon" must be a positive integer, at most 9999999.',
    },
    { args: ["--kill-after", "0"], line: '--kill-after: "0" must be a positive integer, at most 9999999.' },
    { args: ["--signal", "SIGINT"], line: "--signal: has no effect without --kill-after N." },
    {
      args: ["--fault", "Vpc:make:error"],
      line: '--fault Vpc:make:error: invalid operation "make". Use create, update, delete or read.',
    },
    {
      args: ["--kubernetes", "real", "--measure", "dsr"],
      line: "--measure: needs real packets. Add --data-path real.",
    },
    {
      args: ["--kubernetes", "real", "--data-path", "real", "--measure", "dsr,fast"],
      line: '--measure: unknown value "fast". Use tunnel, dsr, iptables.',
    },
    {
      args: ["--data-path", "real"],
      line: "--data-path real: needs an API server for its nodes. Add --kubernetes real.",
    },
    {
      args: ["--kubernetes", "real", "--calico-files", "./files"],
      line: "--calico-files: has no effect without --data-path real.",
    },
    {
      args: ["--kubernetes", "real", "--kill-after", "1"],
      line: "--kubernetes, --kill-after: both given; they exclude each other. Keep one.",
    },
  ])("answers $args with one line", ({ args, line }) => {
    expect(refused(...args)).toEqual(["rehearse: 1 problem in the arguments", `  ${line}`]);
  });

  it("lists every problem at once, and where help is", () => {
    expect(() => parseArguments(["--until", "x", "--fast", "--stack"])).toThrow(
      new UserError(
        [
          "rehearse: 3 problems in the arguments",
          '  --until: "x" is not valid. Use preview, up or destroy.',
          `  --fast: unknown option. Use ${known}.`,
          "  --stack: needs a value: --stack prod",
          "npm run rehearse -- --help lists the options.",
        ].join("\n"),
      ),
    );
  });

  it("lists each option once, and accepts its own examples", () => {
    const rows = [...usageText(rehearse).matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name);

    expect(rows).toEqual([...Object.keys(options), "help"]);
    const examples = [rehearse, ...Object.values(options)].map(({ example }) => example);
    for (const example of examples) expect(parseArguments(example.split(" "))).toHaveProperty("until");
  });
});
