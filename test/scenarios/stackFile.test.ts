import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { readStackFile, stackFileText } from "../../infra/commands/shared/stackFile.ts";
import { configTexts } from "../../infra/commands/shared/stackSettings.ts";
import { readPlainScalar } from "../../infra/commands/shared/yamlScalar.ts";
import { cliEnvironment } from "../support/cliEnvironment.ts";
import { plainScalars, scalarText, stackFileTexts } from "./stackFileText.ts";

let folder: string;
let pulumi: string;

const run = (...args: string[]) =>
  execute(pulumi, [...args, "--stack", "dev", "--non-interactive"], {
    folder,
    env: cliEnvironment(folder),
  });

beforeAll(async () => {
  const { command } = await pulumiCli({ say: () => {} });
  pulumi = command.command;
  folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-stack-file-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: calico-ebpf-eks\nruntime: nodejs\n");
  const begun = await execute(pulumi, ["stack", "init", "dev", "--non-interactive"], {
    folder,
    env: cliEnvironment(folder),
  });
  if (!begun.ok) throw new Error(begun.reason);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Shown {
  readonly value: string;
  readonly objectValue?: unknown;
}

/** What the CLI gives for a file; undefined: it refuses it. Keys to texts, or to what the JSON of a mapping says. */
async function byCli(text: string | Uint8Array): Promise<Record<string, unknown> | undefined> {
  await writeFile(join(folder, "Pulumi.dev.yaml"), text);
  const outcome = await run("config", "--json");
  if (!outcome.ok) return undefined;
  const shown: Record<string, Shown> = JSON.parse(outcome.output);
  return Object.fromEntries(
    Object.entries(shown).map(([key, { value, objectValue }]) => [
      key,
      objectValue === undefined ? value : JSON.parse(value),
    ]),
  );
}

/** The same by the project's own reader; the message where it refuses the file. */
function byUs(): Record<string, unknown> | string {
  try {
    const { config } = readStackFile({ file: "Pulumi.dev.yaml" }, folder, folder);
    return Object.fromEntries(
      Object.entries(configTexts(config)).map(([key, text]) => {
        const isObject = typeof config[key] === "object" && config[key] !== null;
        return [key, isObject ? JSON.parse(text) : text];
      }),
    );
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const isClear = (text: string) => /^['"]/.test(text) || "value" in readPlainScalar(text);

/** A file with each scalar alone, in a list, and as a key of a mapping. */
const fileOf = (scalars: readonly string[]) =>
  [
    "config:",
    ...scalars.flatMap((text, index) => [`  x:a${index}: ${text}`, `  x:b${index}: [${text}]`]),
    "",
  ].join("\n");

describe("a stack file is read as the CLI reads it:", () => {
  it("every scalar that YAML 1.1 and 1.2 differ about", async () => {
    const cli = await byCli(fileOf(plainScalars.filter(isClear)));

    expect(cli).toMatchObject({ "x:a0": "8", "x:b0": [8] });
    expect(byUs()).toEqual(cli);
  });

  it("any scalar", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scalarText.filter(isClear), { minLength: 60, maxLength: 60 }),
        async (scalars) => {
          const cli = await byCli(fileOf(scalars));
          expect(byUs()).toEqual(cli);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("any file", async () => {
    await fc.assert(
      fc.asyncProperty(stackFileTexts, async (text) => {
        const cli = await byCli(text);
        expect(byUs()).toEqual(cli);
      }),
      { numRuns: 25 },
    );
  });

  it.each(["utf16le", "utf8"] as const)("with a byte order mark, in %s", async (encoding) => {
    const cli = await byCli(Buffer.from("\ufeffconfig:\n  x:é: [010, ü]\n", encoding));

    expect(cli).toEqual({ "x:é": [8, "ü"] });
    expect(byUs()).toEqual(cli);
  });

  it.each([
    "config:\n  x:a: 1\n  x:a: 1\n",
    "config:\n  x:a: { 1: a, '1': b }\n",
    "config:\n  x:a: *none\n",
    "config:\n  x:a: { <<: 1 }\n",
    "config:\n  x:a: { <<: { a: 1 }, <<: { b: 1 } }\n",
    "config:\n  x:y:z: 1\n",
    "config:\n  x:a: .nan\n",
    "config:\n  x:a: [.inf]\n",
    "config:\n  x:a: b\u0001\n",
    "- config\n",
  ])("what the CLI refuses: %j", async (text) => {
    expect(await byCli(text)).toBeUndefined();
    expect(byUs()).toEqual(expect.any(String));
  });

  it.each([
    ["config:\n  x:a: 2026-01-02T03:04:05Z\n", "is a time"],
    ["config:\n  x:a: 9007199254740993\n", "more digits"],
    ["config:\n  x:a: !!binary aGk=\n", "the tag !!binary"],
    ["config:\n  x:a: { 1.5: b }\n", "the key 1.5 is not a string"],
    ["config:\n  x:a: 1\n---\nconfig:\n  x:a: 2\n", "multiple documents"],
    ["config:\n  x:a: 1\nkonfig:\n", "does not read konfig (did you mean config?)"],
  ])("or refused in one line: %j", async (text, reason) => {
    expect(await byCli(text)).toBeDefined();
    const us = byUs();
    expect(us).toContain(reason);
    expect(us).not.toContain("\n");
  });
});

it("a written stack file is read by the CLI as what it was made of", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 20, maxLength: 20 }),
      async (values) => {
        const strings = plainScalars.map((text, index) => [`x:s${index}`, [text, { [`${text}`]: text }]]);
        const config = Object.fromEntries([
          ...values.map((value, index) => [`x:k${index}`, [value]]),
          ...strings,
        ]);
        expect(await byCli(stackFileText({ config }))).toEqual(JSON.parse(JSON.stringify(config)));
      },
    ),
    { numRuns: 6 },
  );
});
