import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "../../../../components/settings/settings.ts";
import { UserError } from "../../../../infra/commands/shared/errors.ts";
import { readStackFile } from "../../../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../../../infra/commands/shared/stackSettings.ts";
import { accessNodesCalico } from "./badStackFiles/accessNodesCalico.ts";
import { awsAndCalico } from "./badStackFiles/awsAndCalico.ts";
import { names } from "./badStackFiles/names.ts";
import { nearMisses } from "./badStackFiles/nearMisses.ts";
import { networkAndVersions } from "./badStackFiles/networkAndVersions.ts";
import { together } from "./badStackFiles/together.ts";
import { values } from "./badStackFiles/values.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bad-stack-files-"));
  // Dates of support are judged by the day.
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20") });
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** The way of a user's file: from its text to settings. */
function read(text: string, file = "Pulumi.dev.yaml"): Settings {
  writeFileSync(join(folder, file), text);
  return stackSettings(readStackFile({ file }, folder, folder));
}

describe.each([
  { kind: "names", files: names },
  { kind: "values", files: values },
  { kind: "the rules on network, versions and kernels", files: networkAndVersions },
  { kind: "the rules on access, nodes and Calico", files: accessNodesCalico },
  { kind: "what AWS, Kubernetes or Calico refuses", files: awsAndCalico },
  { kind: "several problems", files: together },
])("a stack file is refused for $kind:", ({ files }) => {
  it.each(files)("$title", ({ yaml, file, message }) => {
    expect(() => read(yaml, file)).toThrow(new UserError(message.join("\n")));
  });
});

it.each(nearMisses)("a stack file passes with $title", ({ yaml, file }) => {
  expect(read(yaml, file)).toMatchObject({ region: "eu-west-1" });
});
