import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judgePreview } from "../../../../../infra/commands/policies/command.ts";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "policies-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const step = (type: string, inputs: object, changes: object = {}) => {
  const urn = `urn:pulumi:dev::calico-ebpf-eks::calico-ebpf-eks:index:Network$${type}::own`;
  return { op: "create", urn, newState: { urn, type, custom: true, inputs }, ...changes };
};
const volume = step("aws:ebs/volume:Volume", { encrypted: true, tags: { team: "net" } });
const preview = (steps: readonly object[], others: object = {}) => ({
  steps,
  diagnostics: [{ severity: "warning", message: "warning: of something" }],
  changeSummary: { create: steps.length },
  ...others,
});

function judge(content: unknown, ...options: string[]) {
  const file = join(folder, "preview.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  let said = "";
  const hide = (text: string) => text.replaceAll(folder, "");
  try {
    const code = judgePreview(["--preview", file, ...options], (text) => {
      said += text;
    });
    return { code, said: hide(said) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refused: hide(error.message) };
  }
}

describe("npm run policies", () => {
  it("says that nothing is broken", () => {
    expect(judge(preview([volume]))).toEqual({
      code: 0,
      said: "/preview.json: 1 resource, 13 policies: no violation",
    });
  });

  it("names what is broken, resource by resource", () => {
    expect(judge(preview([volume, step("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true })]))).toEqual({
      code: 1,
      said: [
        "/preview.json: 2 resources, 13 policies: 1 violation",
        "  private-nodes: aws:ec2/subnet:Subnet own: instances in the subnet get a public address; nodes must not. Set mapPublicIpOnLaunch: false.",
      ].join("\n"),
    });
  });

  it("takes the tags and ports that an organization chose", () => {
    const rule = step("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
      cidrIpv4: "0.0.0.0/0",
      fromPort: 443,
      toPort: 443,
      tags: { team: "web" },
    });

    expect(judge(preview([volume, rule]), "--open-port", "443", "--require-tag", "team").code).toBe(0);
    expect(judge(preview([volume, rule]), "--require-tag", "team").code).toBe(1);
    expect(judge(preview([volume, rule]), "--open-port", "443", "--require-tag", "cost").code).toBe(1);
  });

  it("judges a replaced resource once, as it will be, and a deleted one not at all", () => {
    const gone = step("aws:ebs/volume:Volume", {}, { op: "delete", newState: undefined });
    const before = step("aws:ec2/instance:Instance", {}, { op: "delete-replaced", newState: undefined });
    const after = step("aws:ec2/subnet:Subnet", { tags: {} }, { op: "replace" });

    expect(judge(preview([{ ...gone, urn: "urn:pulumi:a::b::c::d" }, before, after]))).toEqual({
      code: 0,
      said: "/preview.json: 1 resource, 13 policies: no violation",
    });
  });

  it("leaves open what the preview hides or cannot know", () => {
    const hidden = step("aws:iam/rolePolicy:RolePolicy", { policy: "[secret]" });

    expect(judge(preview([hidden])).code).toBe(0);
  });
});

const how = "Create it with `npx pulumi preview --json --show-sames > FILE`.";

describe("npm run policies refuses", () => {
  it.each<[string, unknown, string]>([
    ["what is not JSON", "Previewing update", `/preview.json: is not JSON. ${how}`],
    ["JSON that is not a preview", { deployment: {} }, `/preview.json: is JSON, but not a preview. ${how}`],
    [
      "a preview that failed",
      preview([], { diagnostics: [{ severity: "error", message: "error: no credentials\n  at all" }] }),
      "/preview.json: the preview failed and shows only a part of the stack: error: no credentials",
    ],
    [
      "a preview of the changes alone",
      preview([volume], { changeSummary: { create: 1, same: 81 } }),
      `/preview.json: unchanged resources are missing, but policies check the whole stack. ${how}`,
    ],
  ])("%s", (_name, content, message) => {
    expect(judge(content).refused).toContain(message);
  });

  it.each<[string, string[], string]>([
    ["no file", [], "--preview: is required: --preview preview.json"],
    ["an unknown option", ["--preveiw", "a"], "--preveiw: unknown option."],
    [
      "a port that is none",
      ["--preview", "a", "--open-port", "https"],
      '--open-port: "https" must be a positive integer, at most 9999999.',
    ],
    [
      "a file that is not there",
      ["--preview", "/nowhere/a.json"],
      "--preview: /nowhere/a.json: file does not exist.",
    ],
  ])("%s", (_name, argv, message) => {
    expect(() => judgePreview(argv, () => {})).toThrow(message);
  });
});
