import { describe, expect, it } from "vitest";
import { parseArguments, usage } from "./arguments.ts";
import { UserError } from "./userError.ts";

const refused = (...args: string[]) => {
  try {
    return parseArguments(args);
  } catch (error) {
    return error instanceof UserError ? error.message.split("\n").slice(0, -1) : error;
  }
};

describe("the arguments of a rehearsal", () => {
  it.each([
    { args: [], stack: { stack: "dev" }, until: "destroy", help: false, kubernetes: "memory" },
    {
      args: ["--stack", "prod"],
      stack: { stack: "prod" },
      until: "destroy",
      help: false,
      kubernetes: "memory",
    },
    {
      args: ["--stack=prod", "--until", "up"],
      stack: { stack: "prod" },
      until: "up",
      help: false,
      kubernetes: "memory",
    },
    {
      args: ["--stack-file", "a b.yaml"],
      stack: { file: "a b.yaml" },
      until: "destroy",
      help: false,
      kubernetes: "memory",
    },
    {
      args: ["--until=preview"],
      stack: { stack: "dev" },
      until: "preview",
      help: false,
      kubernetes: "memory",
    },
    {
      args: ["--kubernetes", "real"],
      stack: { stack: "dev" },
      until: "destroy",
      help: false,
      kubernetes: "real",
    },
    { args: ["-h"], stack: { stack: "dev" }, until: "destroy", help: true, kubernetes: "memory" },
    {
      args: ["--help", "--nonsense"],
      stack: { stack: "dev" },
      until: "destroy",
      help: true,
      kubernetes: "memory",
    },
  ])("reads $args", ({ args, ...expected }) => {
    expect(parseArguments(args)).toEqual(expected);
  });

  it.each([
    { args: ["--until", "later"], line: '--until: "later" is not a stage. Use preview, up or destroy.' },
    { args: ["--kubernetes", "kind"], line: '--kubernetes: "kind" is not a kind. Use memory or real.' },
    { args: ["--stack"], line: "--stack: needs a value: --stack prod" },
    { args: ["--stack="], line: "--stack: needs a value: --stack prod" },
    { args: ["--stack", "--until", "up"], line: "--stack: needs a value: --stack prod" },
    { args: ["--stack", "a", "--stack", "b"], line: "--stack: given twice. Keep one." },
    { args: ["--help=yes"], line: "--help: takes no value." },
    { args: ["prod"], line: "prod: stands alone; every argument is an option and its value." },
    {
      args: ["--stak", "prod"],
      line: "--stak: no such option. There are --stack, --stack-file, --until, --kubernetes and --help.",
    },
    {
      args: ["--constructor"],
      line: "--constructor: no such option. There are --stack, --stack-file, --until, --kubernetes and --help.",
    },
    {
      args: ["--stack", "a", "--stack-file", "b.yaml"],
      line: "--stack, --stack-file: both given; they exclude each other. Keep one.",
    },
  ])("answers $args with one line", ({ args, line }) => {
    expect(refused(...args)).toEqual(["rehearse: 1 problem in the arguments", `  ${line}`]);
  });

  it("lists every problem at once, and where help is", () => {
    expect(() => parseArguments(["--until", "x", "--fast", "--stack"])).toThrow(
      new UserError(
        [
          "rehearse: 3 problems in the arguments",
          '  --until: "x" is not a stage. Use preview, up or destroy.',
          "  --fast: no such option. There are --stack, --stack-file, --until, --kubernetes and --help.",
          "  --stack: needs a value: --stack prod",
          "npm run rehearse -- --help shows every option with an example.",
        ].join("\n"),
      ),
    );
  });

  it("explains every option with an example that it accepts itself", () => {
    const examples = [...usage().matchAll(/^ {2}npm run rehearse -- (.*)$/gm)].map(
      ([, example]) => example ?? "",
    );

    expect(examples).toEqual([
      "--stack prod",
      "--stack-file ./Pulumi.trial.yaml",
      "--until preview",
      "--kubernetes real",
      "--help",
    ]);
    for (const example of examples) expect(parseArguments(example.split(" "))).toHaveProperty("until");
  });
});
