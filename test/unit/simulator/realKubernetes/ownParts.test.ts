import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../infra/commands/shared/errors.ts";
import { ownParts } from "../../../toolchain/ownParts.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "own-parts-test-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function executable(...path: string[]): string {
  const file = join(home, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

describe("Parts that replace a fake", () => {
  it("are none on a machine that has none", () => {
    expect(ownParts({ HOME: home, PATH: "/nowhere" })).toEqual({});
  });

  it("are the newest plugin of Pulumi's cache", () => {
    executable(".pulumi", "plugins", "resource-kubernetes-v4.9.0", "pulumi-resource-kubernetes");
    executable(".pulumi", "plugins", "resource-kubernetes-v4.34.2", "pulumi-resource-kubernetes");

    expect(ownParts({ HOME: home, PATH: "" })).toEqual({
      pluginFolder: join(home, ".pulumi", "plugins", "resource-kubernetes-v4.34.2"),
    });
  });

  it("are the plugin on PATH before that of the cache", () => {
    executable(".pulumi", "plugins", "resource-kubernetes-v4.34.2", "pulumi-resource-kubernetes");
    executable("bin", "pulumi-resource-kubernetes");

    expect(ownParts({ HOME: home, PATH: join(home, "bin") })).toEqual({ pluginFolder: join(home, "bin") });
  });

  it("are the operator that TIGERA_OPERATOR names", () => {
    const operatorFile = executable("operator");

    expect(ownParts({ HOME: home, PATH: "", TIGERA_OPERATOR: operatorFile })).toEqual({ operatorFile });
  });

  it("are refused when TIGERA_OPERATOR names nothing", () => {
    const file = join(home, "missing");

    expect(() => ownParts({ HOME: home, TIGERA_OPERATOR: file })).toThrow(
      new UserError(`TIGERA_OPERATOR: ${file} is not an executable file.`),
    );
  });
});
