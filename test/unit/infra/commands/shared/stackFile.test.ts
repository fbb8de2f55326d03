import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";
import {
  readStackFile,
  readWholeStackFile,
  stackFileText,
} from "../../../../../infra/commands/shared/stackFile.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stack-file-"));
  mkdirSync(join(root, "stacks"));
});

afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(root, file), text);
const refuse = (text: string, message: string) => {
  write("a.yaml", text);
  expect(() => readStackFile({ file: "a.yaml" }, root, root)).toThrow(new UserError(message));
};

describe("a stack by its name", () => {
  it("is stacks/Pulumi.<name>.yaml", () => {
    write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n  a:b: { c: [1, two] }\n");

    expect(readStackFile({ stack: "dev" }, root)).toEqual({
      name: "dev",
      file: "stacks/Pulumi.dev.yaml",
      config: { "aws:region": "eu-west-1", "a:b": { c: [1, "two"] } },
    });
  });

  it("may be any of those in stacks/, which the refusal of another one lists", () => {
    for (const name of ["prod", "dev"]) write(`stacks/Pulumi.${name}.yaml`, "config: {}");
    write("stacks/README.md", "");

    expect(() => readStackFile({ stack: "pord" }, root)).toThrow(
      new UserError(
        '--stack: no stack is named "pord"; there are dev, prod. For another file use --stack-file.',
      ),
    );
  });

  it("is looked for in stacks/ and nowhere else", () => {
    write("stacks/Pulumi.dev.yaml", "config: {}");
    write("Pulumi.outside.yaml", "config: {}");

    expect(() => readStackFile({ stack: "x/../../Pulumi.outside" }, root)).toThrow(/there are dev\./);
  });

  it("is refused when the project has no stacks", () => {
    rmSync(join(root, "stacks"), { recursive: true });

    expect(() => readStackFile({ stack: "dev" }, root)).toThrow(
      new UserError(
        '--stack: no stack is named "dev"; there is none in stacks/. For another file use --stack-file.',
      ),
    );
  });
});

describe("a stack file anywhere", () => {
  it.each([
    ["Pulumi.trial.yaml", "trial"],
    ["my settings (2).yml", "my-settings-2"],
    ["Pulumi.yaml", "Pulumi"],
    ["(!).yaml", "rehearsal"],
  ])("%s makes the stack %s", (file, name) => {
    write(file, "config: {}");

    expect(readStackFile({ file }, root, root)).toEqual({ name, file, config: {} });
  });

  it("loses how its secrets were encrypted", () => {
    write("a.yaml", "secretsprovider: awskms://x\nencryptionsalt: v1:x\nencryptedkey: x\nconfig: { a:b: 1 }");

    expect(readStackFile({ file: "a.yaml" }, root, root)).toEqual({
      name: "a",
      file: "a.yaml",
      config: { "a:b": 1 },
    });
  });

  it.each([
    ["", "a.yaml: is not a mapping; it needs a `config:`."],
    ["- config", "a.yaml: is not a mapping; it needs a `config:`."],
    [
      "confg: {}",
      "a.yaml: Pulumi does not read confg (did you mean config?) at the top of a stack file. Remove it, or move it below config.",
    ],
    [
      "config: {}\nnodePools:\nplugins: {}",
      "a.yaml: Pulumi does not read nodePools, plugins at the top of a stack file. Remove it, or move it below config.",
    ],
    [
      "config: {}\n---\nconfig: {}",
      "a.yaml: line 2, column 1: not YAML: Source contains multiple documents; please use YAML.parseAllDocuments().",
    ],
    [
      "config:\n  a:b: 2026-01-02 03:04:05",
      "a.yaml: line 2, column 8: 2026-01-02 03:04:05 is a time, which Pulumi would rewrite. Quote it if it is a string.",
    ],
    ["config: { a:b:c: 1 }", "a.yaml: a:b:c: a key may have only one colon, as in aws:region."],
    ["config:", "a.yaml: has no `config:` mapping."],
    ["config: [a]", "a.yaml: has no `config:` mapping."],
    ["config:\n  a: 1\n  a: 2", "a.yaml: line 3, column 3: the key a is listed twice. Remove one."],
    [
      "config:\n  a: [1",
      "a.yaml: line 2, column 8: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
    ],
    [
      "config:\n  a:b: { secure: v1:xyz }\n  a:c: { d: [{ secure: v1:xyz }] }",
      "a.yaml: a:b, a:c.d.0: encrypted (secure:), but a rehearsal has no key. Use --stack-file with a copy that has plain values.",
    ],
    ["config:\n  a:b: &x { c: *x }", "a.yaml: a mapping contains itself through an alias (*)."],
  ])("with the text %j is refused in one line", (text, message) => refuse(text, message));

  it("is read as the CLI reads it: octal and grouped numbers, dates, merges, and yes as a text", () => {
    write(
      "a.yaml",
      "config: { a:b: &x { c: 010, d: 1_00 }, a:e: { <<: *x, d: 1.30 }, a:f: [2026-1-2, yes] }",
    );

    expect(readStackFile({ file: "a.yaml" }, root, root).config).toEqual({
      "a:b": { c: 8, d: 100 },
      "a:e": { c: 8, d: 1.3 },
      "a:f": ["2026-01-02 00:00:00 +0000 UTC", "yes"],
    });
  });

  it("may be UTF-16 with a byte order mark, and not other bytes that are no text", () => {
    writeFileSync(join(root, "a.yaml"), Buffer.from("\ufeffconfig: { a:b: ü }", "utf16le"));
    writeFileSync(join(root, "b.yaml"), Buffer.from("config: { a:b: ü }", "latin1"));

    expect(readStackFile({ file: "a.yaml" }, root, root).config).toEqual({ "a:b": "ü" });
    expect(() => readStackFile({ file: "b.yaml" }, root, root)).toThrow(
      new UserError("b.yaml: not UTF-8: invalid bytes."),
    );
  });

  it("may be JSON, by its ending", () => {
    write("a.json", '{ "config": { "a:b": 1.0, "aws:config:region": "010" } }');
    write("b.json", "{ config: {} }");

    expect(readStackFile({ file: "a.json" }, root, root).config).toEqual({ "a:b": 1, "aws:region": "010" });
    expect(() => readStackFile({ file: "b.json" }, root, root)).toThrow(new UserError("b.json: not JSON."));
  });

  it("may use an alias, as long as it makes no circle", () => {
    write("a.yaml", "config: { a:b: &x { c: 1 }, a:d: *x }");

    expect(readStackFile({ file: "a.yaml" }, root, root).config).toEqual({
      "a:b": { c: 1 },
      "a:d": { c: 1 },
    });
  });

  it("may have a setting that is called secure but is not encrypted", () => {
    write("a.yaml", "config: { a:b: { secure: true } }");

    expect(readStackFile({ file: "a.yaml" }, root, root).config).toEqual({ "a:b": { secure: true } });
  });

  it.each([
    ["missing.yaml", "missing.yaml: file does not exist."],
    ["stacks", "stacks: this is a directory, not a file."],
  ])("%s is refused in one line", (file, message) => {
    expect(() => readStackFile({ file }, root, root)).toThrow(new UserError(message));
  });
});

it("a whole stack file keeps what is encrypted, and how", () => {
  write("stacks/Pulumi.dev.yaml", "encryptionsalt: v1:x\nconfig: { a:b: { secure: v1:y }, a:c: '010' }");

  const whole = readWholeStackFile("dev", root);
  expect(whole).toEqual({ encryptionsalt: "v1:x", config: { "a:b": { secure: "v1:y" }, "a:c": "010" } });
  expect(stackFileText(whole)).toBe(`"encryptionsalt": "v1:x"
"config":
  "a:b":
    "secure": "v1:y"
  "a:c": "010"
`);
});
