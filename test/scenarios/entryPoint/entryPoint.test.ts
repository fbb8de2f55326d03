import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { answers } from "../../../infra/commands/shared/plan/recorder.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import type { Cloud } from "./engineServices.ts";
import { runEntryPoint } from "./fakeEngine.ts";

// Each case starts a process that loads the SDKs.
vi.setConfig({ testTimeout: 120_000 });

const stackUrn = "urn:pulumi:dev::calico-ebpf-eks::pulumi:pulumi:Stack::calico-ebpf-eks-dev";
const pairUrn = "urn:pulumi:dev::calico-ebpf-eks::test:index:Pair::pair";
const keyUrn = "urn:pulumi:dev::calico-ebpf-eks::test:index:Pair$aws:kms/key:Key::pair";
const config = { "calico-ebpf-eks:note": "a note" };
const cloud: Cloud = {
  invoke: () => ({ accountId: "111122223333" }),
  outputsOf: ({ name }) => ({ arn: `arn:${name}` }),
};

describe("the fake engine", () => {
  it("records what a program registers and exports", async () => {
    const run = await runEntryPoint({
      entry: "test/scenarios/entryPoint/entries/twoResources.ts",
      config,
      ...cloud,
    });

    expect(run).toMatchObject({ exitCode: 0, log: [], stdout: "", stderr: "" });
    expect(run.resources).toMatchObject([
      { urn: pairUrn, type: "test:index:Pair", name: "pair", custom: false, parent: stackUrn, inputs: {} },
      { urn: keyUrn, custom: true, parent: pairUrn, inputs: { description: "a note" }, dependencies: [] },
      {
        type: "aws:ssm/parameter:Parameter",
        parent: stackUrn,
        inputs: {
          type: "SecureString",
          keyId: "arn:pair",
          value: "hidden",
          tags: { account: "111122223333" },
        },
        secretInputs: ["value"],
        dependencies: [keyUrn],
        propertyDependencies: { keyId: [keyUrn], tags: [], type: [], value: [] },
        deletedWith: keyUrn,
      },
    ]);
    expect(run.outputs).toEqual({ kmsKeyArn: "arn:pair", value: "hidden" });
    expect(run.secretOutputs).toEqual(["value"]);
  });

  it("leaves unknown in a preview what only the cloud can tell", async () => {
    const entry = "test/scenarios/entryPoint/entries/twoResources.ts";
    const { exitCode, resources, outputs } = await runEntryPoint({ entry, config, preview: true, ...cloud });

    expect(exitCode).toBe(0);
    expect(resources.at(-1)?.inputs).toMatchObject({ keyId: runtime.unknownValue, value: "hidden" });
    expect(outputs).toEqual({ kmsKeyArn: runtime.unknownValue, value: "hidden" });
  });

  it("shows a program that refuses to run as the engine would: one message, no stack, nothing registered", async () => {
    const run = await runEntryPoint({ entry: "test/scenarios/entryPoint/entries/refuses.ts" });

    expect(run).toEqual({
      exitCode: 32,
      resources: [],
      outputs: {},
      secretOutputs: [],
      log: [{ severity: "error", message: "1 problem in the settings\n  network: none" }],
      stdout: "",
      stderr: "",
    });
  });

  it("refuses calls without an answer", async () => {
    const { exitCode, log } = await runEntryPoint({
      entry: "test/scenarios/entryPoint/entries/twoResources.ts",
      config,
    });

    expect(exitCode).toBe(32);
    expect(log).toMatchObject([
      { severity: "error", message: expect.stringContaining("no answer to aws:index/getCallerIdentity") },
    ]);
  });

  it("ends a program that does not end itself", async () => {
    const entry = "test/scenarios/entryPoint/entries/neverEnds.ts";

    await expect(runEntryPoint({ entry, timeoutSeconds: 1 })).rejects.toThrow(
      "the program has not ended within 1 s",
    );
  });
});

/** What AWS answers, and those outputs without which the program cannot go on. */
const aws: Cloud = {
  invoke: (token, args) => {
    const answer = answers[token];
    if (answer === undefined) throw new Error(`no answer to ${token}`);
    return answer(args);
  },
  outputsOf: ({ type, name, inputs }) => {
    if (type !== "eks:index:Cluster") return { arn: `arn:aws:test:::${name}` };
    const endpoint = "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";
    const vpcConfig = { clusterSecurityGroupId: "sg-cluster" };
    const certificateAuthority = { data: "LS0tLS1CRUdJTg==" };
    const identities = [{ oidcs: [{ issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789" }] }];
    const eksCluster = { name: inputs["name"], endpoint, vpcConfig, certificateAuthority, identities };
    return { eksCluster, kubeconfigJson: "{}" };
  },
};
const { main: entry } = parse(
  readFileSync(join(import.meta.dirname, "..", "..", "..", "Pulumi.yaml"), "utf8"),
);
const devStack = () => readStackFile({ stack: "dev" }, join(import.meta.dirname, "..", "..", "..")).config;

describe("infra/index.js", () => {
  it.each([{ preview: false }, { preview: true }])(
    "runs to its end with preview: $preview",
    async ({ preview }) => {
      const run = await runEntryPoint({ entry, config: devStack(), preview, ...aws });

      expect(run).toMatchObject({ exitCode: 0, stdout: "", stderr: "", secretOutputs: ["kubeconfig"] });
      expect(run.log.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(Object.keys(run.outputs).toSorted()).toEqual([
        "calicoVersion",
        "certificateAuthority",
        "clusterCreator",
        "clusterEndpoint",
        "clusterName",
        "controlPlaneSecurityGroupId",
        "controlPlaneSubnetIds",
        "dataplane",
        "externalService",
        "felixConfiguration",
        "fixed",
        "installation",
        "kubeProxy",
        "kubeconfig",
        "kubernetesVersion",
        "natAddresses",
        "nodeRoleArn",
        "nodeSecurityGroupId",
        "nodeSubnetIds",
        "oidcIssuer",
        "publicSubnetIds",
        "region",
        "vpcId",
      ]);
      expect(run.resources.map(({ type }) => type)).toContain("eks:index:Cluster");
    },
  );

  it("refuses bad settings with one message before anything is registered", async () => {
    const bad = { ...devStack(), "calico-ebpf-eks:kubeProxy": "Gone" };
    const run = await runEntryPoint({ entry, config: bad, ...aws });

    expect(run).toMatchObject({ exitCode: 32, resources: [], stdout: "", stderr: "" });
    expect(run.log).toMatchObject([
      {
        severity: "error",
        message: expect.stringMatching(/^calico-ebpf-eks: 1 problem .* stack dev\n {2}kubeProxy: [^\n]*$/),
      },
    ]);
  });

  it("takes a cluster that is there, and refuses one that it cannot reach in the same way", async () => {
    const existing = {
      kubeconfig: "/no/such/kubeconfig",
      apiServer: { host: "api.example.com", port: 6443 },
    };
    const config = { "calico-ebpf-eks:cluster": JSON.stringify({ existing }) };
    const run = await runEntryPoint({ entry, config, ...aws });

    expect(run).toMatchObject({ exitCode: 32, resources: [], stdout: "", stderr: "" });
    expect(run.log).toMatchObject([
      {
        severity: "error",
        message: expect.stringMatching(
          /^calico-ebpf-eks: 1 problem in the cluster of stack dev\n {2}cluster\.existing\.kubeconfig: file does not exist: \/no\/such\/kubeconfig; [^\n]*$/,
        ),
      },
    ]);
  });
});
