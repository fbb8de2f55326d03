import { afterEach, describe, expect, it, vi } from "vitest";
import { describeAddonSchema, type SchemaOf } from "../../../infra/addonSchemas.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { addonSchema } from "../../simulator/aws/addonSchemas.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { amazonVpc } from "./variants.ts";

/** What a preview of a stack says, and what it requested from EKS. */
async function previewed(addons: SettingsChange["addons"], schemaOf?: SchemaOf, others: SettingsChange = {}) {
  const requested: string[] = [];
  const ask: SchemaOf = async (settings, addon) => {
    requested.push(`${addon.name} ${addon.version} in ${settings.region}`);
    return schemaOf === undefined ? addonSchema(addon.name) : schemaOf(settings, addon);
  };
  const config = stackConfig({ ...others, ...(addons && { addons }) });
  try {
    const { notes, resources } = await record(() => program(undefined, ask), { config, preview: true });
    return { requested, error: "", notes, registered: resources.length };
  } catch (error) {
    return { requested, error: (error as Error).message, notes: [], registered: 0 };
  }
}

const ebs = (controller: object, version?: string): SettingsChange["addons"] => ({
  "aws-ebs-csi-driver": { configuration: { controller }, ...(version && { version }) },
});

describe("the configuration of an add-on", () => {
  it("is compared with the add-on's schema before anything is registered, a line for each problem", async () => {
    const { error } = await previewed(ebs({ regoin: "eu-west-1", replicaCount: "2", tolerations: [{}, 7] }));

    expect(error).toBe(
      [
        "calico-ebpf-eks: 3 problems in the settings of stack dev",
        "  addons.aws-ebs-csi-driver.configuration.controller.regoin: the add-on has no such value; there are affinity, batching, defaultFsType, extraVolumeTags, k8sTagClusterId, logLevel, nodeSelector, region, replicaCount, resources and tolerations. Write region, or remove it.",
        "  addons.aws-ebs-csi-driver.configuration.controller.replicaCount: expected number, received string; the value must match the JSON schema of aws-ebs-csi-driver, which `aws eks describe-addon-configuration` shows. Correct the value, or remove it.",
        "  addons.aws-ebs-csi-driver.configuration.controller.tolerations[1]: expected object, received number; the value must match the JSON schema of aws-ebs-csi-driver, which `aws eks describe-addon-configuration` shows. Correct the value, or remove it.",
      ].join("\n"),
    );
  });

  it("passes where it fits, and is requested with the version that will be installed", async () => {
    const { requested, error, registered } = await previewed(
      ebs({ region: "eu-west-1", replicaCount: 1 }, "v1.62.0-eksbuild.1"),
    );

    expect(requested).toEqual(["aws-ebs-csi-driver v1.62.0-eksbuild.1 in eu-west-1"]);
    expect(error).toBe("");
    expect(registered).toBeGreaterThan(0);
  });

  it("is not requested where the stack configures nothing", async () => {
    const { requested } = await previewed({ "snapshot-controller": {} });

    expect(requested).toEqual([]);
  });

  it("of the VPC CNI is compared with what the program sets, for the version that will be installed", async () => {
    const older: SchemaOf = async () => ({
      type: "object",
      properties: {
        env: {
          type: "object",
          additionalProperties: false,
          properties: {
            ANNOTATE_POD_IP: { type: "string" },
            ENABLE_PREFIX_DELEGATION: { type: "string" },
            MAX_ENI: { type: "string" },
            WARM_PREFIX_TARGET: { type: "string" },
          },
        },
      },
    });
    const pinned = { "vpc-cni": { version: "v1.22.4-eksbuild.1" } };
    const fits = await previewed(pinned, undefined, amazonVpc);

    expect(fits.requested).toEqual(["vpc-cni v1.22.4-eksbuild.1 in eu-west-1"]);
    expect(fits.error).toBe("");
    expect((await previewed(pinned, older, amazonVpc)).error).toContain(
      "addons.vpc-cni: its schema refuses env.CLUSTER_ENDPOINT, which this program sets; Calico requires this configuration of the AWS VPC CNI. Set addons.vpc-cni.version to another one that `aws eks describe-addon-versions` lists.",
    );
  });

  it("fails nothing where EKS cannot be reached, and a line says that it was not checked", async () => {
    const { error, notes } = await previewed(ebs({ regoin: "x" }), async () => {
      throw new Error("EKS answers with status 403: not authorized");
    });

    expect(error).toBe("");
    expect(notes).toEqual([
      "addons.aws-ebs-csi-driver.configuration could not be checked: EKS answers with status 403: not authorized",
    ]);
  });
});

describe("the question to EKS", () => {
  const identity = { account: {}, profile: undefined, region: "eu-west-1" } as const;
  const addon = { name: "aws-ebs-csi-driver", version: "v1.62.0-eksbuild.1" };

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function request(status: number, answer: object) {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    const requests: { url: string; headers: Headers }[] = [];
    const send: typeof fetch = async (url, init) => {
      requests.push({ url: String(url), headers: new Headers(init?.headers) });
      return new Response(JSON.stringify(answer), { status });
    };
    return { schema: await describeAddonSchema(identity as never, addon, send), requests };
  }

  it("is signed for EKS in the stack's region", async () => {
    const { schema, requests } = await request(200, { configurationSchema: '{"type":"object"}' });

    expect(schema).toEqual({ type: "object" });
    expect(requests[0]?.url).toBe(
      "https://eks.eu-west-1.amazonaws.com/addons/configuration-schemas?addonName=aws-ebs-csi-driver&addonVersion=v1.62.0-eksbuild.1",
    );
    expect(requests[0]?.headers.get("authorization")).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/eks\/aws4_request, /,
    );
  });

  it("fails with EKS's own words", async () => {
    await expect(request(404, { message: "Addon not found" })).rejects.toThrow(
      "EKS answers with status 404: Addon not found",
    );
  });
});
