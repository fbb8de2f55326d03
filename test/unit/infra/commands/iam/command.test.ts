import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { printPolicies } from "../../../../../infra/commands/iam/command.ts";
import type { PolicyDocument } from "../../../../../infra/commands/iam/policies.ts";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "iam-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sound = `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { name: trial, publicAccessCidrs: [] }
`;
const inAccount = `${sound}  calico-ebpf-eks:account: { id: "444455556666" }\n`;

interface Ended {
  readonly said?: string;
  readonly complained?: readonly string[];
  readonly refused?: string;
}

async function iam(text: string, ...options: string[]): Promise<Ended> {
  const file = join(folder, "Pulumi.trial.yaml");
  writeFileSync(file, text);
  const hide = (line: string) => line.replaceAll(`${folder}/`, "");
  const said: string[] = [];
  try {
    const complained: string[] = [];
    await printPolicies(["--stack-file", file, ...options], {
      root: folder,
      say: (line) => void said.push(hide(line)),
      complain: (line) => void complained.push(hide(line)),
    });
    return { said: said.join("\n"), ...(complained.length > 0 ? { complained } : {}) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refused: hide(error.message) };
  }
}

const documents = async (...options: string[]): Promise<Record<string, PolicyDocument>> =>
  JSON.parse((await iam(inAccount, ...options)).said ?? "");

const actions = (policies: Readonly<Record<string, PolicyDocument>>) =>
  Object.values(policies).flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));

describe("npm run iam", () => {
  it("prints what up needs in the stack's account, by the names that the policies may have", async () => {
    const policies = await documents();

    expect(Object.keys(policies)).toEqual(["trial-up"]);
    expect(JSON.stringify(policies)).toContain("arn:aws:eks:eu-west-1:444455556666:cluster/trial");
    expect(actions(policies)).toEqual(expect.arrayContaining(["eks:CreateCluster", "ec2:CreateNatGateway"]));
    expect(actions(policies)).not.toContain("ec2:CreateFlowLogs");
  });

  it("prints what a preview needs, which changes nothing", async () => {
    const policies = await documents("--for", "preview");

    expect(Object.keys(policies)).toEqual(["trial-preview"]);
    expect(actions(policies)).toContain("eks:DescribeCluster");
    expect(actions(policies)).not.toContain("eks:CreateCluster");
  });

  it("prints what other settings would need, too", async () => {
    const more = actions(await documents("--every-setting"));

    expect(more).toEqual(expect.arrayContaining([...actions(await documents()), "ec2:CreateFlowLogs"]));
  });

  it("takes the account from the role that is assumed, or from the command line", async () => {
    const assumed = `${sound}  calico-ebpf-eks:account: { roleArn: "arn:aws:iam::444455556666:role/deployer" }\n`;

    expect((await iam(assumed)).said).toContain("arn:aws:iam::444455556666:role/trial-*");
    expect((await iam(sound, "--account", "777788889999")).said).toContain(
      "arn:aws:iam::777788889999:role/trial-*",
    );
  });

  it("names any account where nothing names one, and says so without touching the policies", async () => {
    const { said = "", complained } = await iam(sound);

    expect(said).toContain('"arn:aws:iam::*:role/trial-*"');
    expect(Object.keys(JSON.parse(said))).toEqual(["trial-up"]);
    expect(complained).toEqual([
      "Pulumi.trial.yaml names no account, so the policies use * instead. To narrow them, set account.id or add --account 111122223333.",
    ]);
    expect(await iam(inAccount)).not.toHaveProperty("complained");
  });

  it("demands the boundary that the stack file names", async () => {
    const boundary = "arn:aws:iam::444455556666:policy/boundary";
    const text = `${inAccount}  calico-ebpf-eks:iam: { permissionsBoundary: "${boundary}" }\n`;

    expect((await iam(text)).said).toContain(`"iam:PermissionsBoundary": "${boundary}"`);
  });

  it("writes a file for each policy, and says how large it is", async () => {
    const out = join(folder, "out");
    const { said = "" } = await iam(inAccount, "--folder", out);

    expect(said).toMatch(/^out\/trial-up\.json: \d{4} of 6144 characters$/);
    expect(readdirSync(out)).toEqual(["trial-up.json"]);
    expect(JSON.parse(readFileSync(join(out, "trial-up.json"), "utf8"))).toEqual(
      (await documents())["trial-up"],
    );
  });
});

describe("npm run iam refuses", () => {
  it.each<[string, string, string[], string]>([
    [
      "another account than the stack's",
      inAccount,
      ["--account", "111122223333"],
      "--account: 111122223333; Pulumi.trial.yaml belongs to 444455556666. Omit the option.",
    ],
    [
      "what is not an account",
      sound,
      ["--account", "prod"],
      '--account: "prod" must be an account ID of twelve digits',
    ],
    ["another access", sound, ["--for", "destroy"], '--for: "destroy" is not valid. Use preview or up.'],
    [
      "a cluster that is there",
      "config:\n  aws:region: eu-west-1\n  calico-ebpf-eks:cluster: { existing: { eksName: there } }\n",
      [],
      "Pulumi.trial.yaml: with cluster.existing no AWS resources are managed; docs/existing-cluster.md lists what its credentials read.",
    ],
    ["a broken stack file", sound.replace("eu-west-1", "Ireland"), [], "aws:region: Ireland"],
  ])("%s", async (_name, text, options, message) => {
    expect((await iam(text, ...options)).refused).toContain(message);
  });
});
