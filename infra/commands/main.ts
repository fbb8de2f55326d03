import { diagnoseCommand } from "./diagnose/options.ts";
import { iamCommand } from "./iam/options.ts";
import { measure } from "./measure/options.ts";
import { pipelineCommand } from "./pipeline/options.ts";
import { policiesCommand } from "./policies/options.ts";
import { schemaCommand, writeSchema } from "./schema/command.ts";
import { type RunnableCommand, wrapped } from "./shared/arguments.ts";
import { UserError } from "./shared/errors.ts";
import { runProcess } from "./shared/runCommand.ts";
import { listStacks, stacksCommand } from "./stacks/command.ts";
import { verify } from "./verify/options.ts";

/** Every command by the name after `npm run`; each is loaded only when it runs. */
export const commands: Readonly<Record<string, RunnableCommand>> = {
  verify: {
    ...verify,
    run: async (argv, around) => (await import("./verify/command.ts")).runVerify(argv, around),
  },
  diagnose: {
    ...diagnoseCommand,
    run: async (argv, around) => (await import("./diagnose/command.ts")).runDiagnose(argv, around),
  },
  measure: {
    ...measure,
    run: async (argv, around) => (await import("./measure/command.ts")).runMeasure(argv, around),
  },
  stacks: {
    ...stacksCommand,
    run: (argv, { root, say }) => listStacks(argv, { root, today: new Date(), say }),
  },
  iam: {
    ...iamCommand,
    run: async (argv, around) => (await import("./iam/command.ts")).printPolicies(argv, around),
  },
  policies: {
    ...policiesCommand,
    run: async (argv, { say }) => (await import("./policies/command.ts")).judgePreview(argv, say),
  },
  pipeline: {
    ...pipelineCommand,
    run: async (argv, { env, root, write }) =>
      (await import("./pipeline/command.ts")).pipeline(argv, { env, root, say: write }),
  },
  schema: {
    ...schemaCommand,
    run: writeSchema,
  },
};

const entry = "calico-ebpf-eks";

/** The commands with what each does, 80 columns wide. */
export function commandList(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    `usage: npm run COMMAND -- [options]`,
    "",
    ...Object.entries(commands).flatMap(([name, { about }]) => wrapped(about, `  ${name.padEnd(width)}  `)),
    "",
    "npm run COMMAND -- --help lists the options of a command.",
  ].join("\n");
}

const all: RunnableCommand = {
  command: entry,
  name: entry,
  about: "",
  options: {},
  example: "",
  run: async ([name]) => {
    const found = name === undefined ? "no command given" : `${name}: unknown command`;
    throw new UserError(`${entry}: ${found}. Use ${Object.keys(commands).join(", ")}, or --help.`);
  },
};

/**
 * Runs one command in this process.
 * @param argv without node and script, as in `process.argv.slice(2)`: the command's name, then its options
 */
export function main([name, ...options]: readonly string[]): void {
  if (name === "--help" || name === "-h") {
    process.stdout.write(`${commandList()}\n`);
    return;
  }
  const command = Object.hasOwn(commands, name ?? "") ? commands[name ?? ""] : undefined;
  if (command === undefined) runProcess(all, name === undefined ? [] : [name]);
  else runProcess(command, options);
}
