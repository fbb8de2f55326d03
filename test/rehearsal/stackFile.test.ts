import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStackFile } from "./stackFile.ts";
import { UserError } from "./userError.ts";

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
    ["confg: {}", "a.yaml: has no `config:` mapping."],
    ["config:", "a.yaml: has no `config:` mapping."],
    ["config: [a]", "a.yaml: has no `config:` mapping."],
    ["config:\n  a: 1\n  a: 2", "a.yaml: line 3, column 3: not YAML: Map keys must be unique."],
    [
      "config:\n  a: [1",
      "a.yaml: line 2, column 8: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
    ],
    [
      "config:\n  a:b: { secure: v1:xyz }\n  a:c: { d: [{ secure: v1:xyz }] }",
      "a.yaml: a:b, a:c.d.0: encrypted (secure:), and a rehearsal has no key. Use --stack-file with a copy that has plain stand-ins.",
    ],
    ["config:\n  a:b: &x { c: *x }", "a.yaml: a mapping contains itself through an alias (*)."],
  ])("with the text %j is refused in one line", (text, message) => refuse(text, message));

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
    ["missing.yaml", "missing.yaml: there is no such file."],
    ["stacks", "stacks: this is a folder, not a file."],
  ])("%s is refused in one line", (file, message) => {
    expect(() => readStackFile({ file }, root, root)).toThrow(new UserError(message));
  });
});
