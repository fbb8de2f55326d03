import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Pin, pinned } from "../../../../../../infra/commands/shared/engine/pinned.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pinned-test-"));
  writeFileSync(join(folder, "go.mod"), "module m\n\ngo 1.26\n\nrequire example.com/m v1.2.3\n");
  writeFileSync(join(folder, "go.sum"), "");
  writeFileSync(join(folder, "main.go"), "package main\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pin = (more: Partial<Pin> = {}) =>
  pinned({ program: "one", packagePath: "m", module: "example.com/m", moduleFolder: folder, ...more });

describe("A pinned program", () => {
  it("is linked with its version and with what else is to be set", () => {
    const { buildFlags } = pin({ versionSymbol: "m/version.V", symbols: { "m/other.Release": "v3.32.4" } });

    expect(buildFlags).toEqual([
      "-mod=readonly",
      "-buildvcs=false",
      "-trimpath",
      "-ldflags",
      "-s -w -X m/version.V=v1.2.3 -X m/other.Release=v3.32.4",
    ]);
  });

  it("has another place in the cache when what it is built from differs, and the same when nothing does", () => {
    const { cacheName } = pin({ sources: ["main.go"] });
    expect(pin({ sources: ["main.go"] }).cacheName).toBe(cacheName);

    expect(pin({ sources: ["main.go"], symbols: { "m/other.Release": "v3.33.1" } }).cacheName).not.toBe(
      cacheName,
    );
    writeFileSync(join(folder, "main.go"), "package main // another\n");
    expect(pin({ sources: ["main.go"] }).cacheName).not.toBe(cacheName);
  });
});
