import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { existingJsonSchema, settingsJsonSchema } from "../../../../components/settings/jsonSchema.ts";
import { stackFileSchema } from "../../../../infra/commands/schema/stackFileSchema.ts";

const committed = readFileSync("stacks/stackFile.schema.json", "utf8");
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(committed));

/** What the schema has against a stack file: where, and what. */
function complaints(file: unknown): string[] {
  validate(file);
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== "if")
    .map(({ instancePath, message, params }) =>
      [instancePath, message, params["additionalProperty"]].filter((part) => part !== undefined).join(" "),
    );
}

const stackFile = (changes: Readonly<Record<string, unknown>>) => ({
  config: { "aws:region": "eu-west-1", "calico-ebpf-eks:cluster": { publicAccessCidrs: [] }, ...changes },
});

describe("the JSON schema of a stack file", () => {
  it("is what the settings' schema says now", () => {
    expect(committed === stackFileSchema(), "stacks/stackFile.schema.json is stale: run npm run schema").toBe(
      true,
    );
  });

  it.each(["dev", "prod"])("accepts stacks/Pulumi.%s.yaml, which names it for editors", (stack) => {
    const text = readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8");

    expect(complaints(parse(text))).toEqual([]);
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./stackFile.schema.json");
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["Pulumi's own settings and those of other programs", { "pulumi:tags": {}, "other:version": 1 }],
    ["a number or auto", { "calico-ebpf-eks:calico": { mtu: "auto", metricsPort: null } }],
  ])("accepts %s", (_name, changes) => {
    expect(complaints(stackFile(changes))).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["on EKS, by its name", { "calico-ebpf-eks:cluster": { existing: { eksName: "platform" } } }],
    [
      "anywhere, without a region",
      {
        "aws:region": undefined,
        "calico-ebpf-eks:cluster": {
          existing: { kubeconfig: "admin.json", apiServer: { host: "api.example.com", port: 6443 } },
        },
        "calico-ebpf-eks:kubeProxy": "Running",
      },
    ],
  ])("accepts a cluster that is there %s", (_name, changes) => {
    expect(complaints(JSON.parse(JSON.stringify(stackFile(changes))))).toEqual([]);
  });

  it("refuses settings of a new cluster together with an existing one", () => {
    const cluster = { existing: { eksName: "platform" }, publicAccessCidrs: [] };

    expect(
      complaints(stackFile({ "calico-ebpf-eks:cluster": cluster, "calico-ebpf-eks:nodePools": {} })),
    ).toEqual([
      "/config must NOT have additional properties calico-ebpf-eks:nodePools",
      "/config/calico-ebpf-eks:cluster must NOT have additional properties publicAccessCidrs",
    ]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    [
      "a key of ours that it does not know",
      { "calico-ebpf-eks:nodePool": {} },
      ["/config must NOT have additional properties calico-ebpf-eks:nodePool"],
    ],
    [
      "an aws key that is not read",
      { "aws:defaultTags": {} },
      ["/config must NOT have additional properties aws:defaultTags"],
    ],
    [
      "an unknown name inside",
      { "calico-ebpf-eks:network": { natGatway: false } },
      ["/config/calico-ebpf-eks:network must NOT have additional properties natGatway"],
    ],
    [
      "a cluster without publicAccessCidrs",
      { "calico-ebpf-eks:cluster": {} },
      ["/config/calico-ebpf-eks:cluster must have required property 'publicAccessCidrs'"],
    ],
    [
      "a word that is none of the choices",
      { "calico-ebpf-eks:kubeProxy": "absent" },
      ["/config/calico-ebpf-eks:kubeProxy must be equal to one of the allowed values"],
    ],
    [
      "a number out of bounds",
      { "calico-ebpf-eks:network": { nodePrefix: 29 } },
      ["/config/calico-ebpf-eks:network/nodePrefix must be <= 28"],
    ],
    [
      "a version that is a number",
      { "calico-ebpf-eks:cluster": { publicAccessCidrs: [], kubernetesVersion: 1.35 } },
      ["/config/calico-ebpf-eks:cluster/kubernetesVersion must be string"],
    ],
    [
      "an address without a prefix length",
      { "calico-ebpf-eks:nodePorts": { clients: ["10.0.0.0"] } },
      [expect.stringMatching(/^\/config\/calico-ebpf-eks:nodePorts\/clients\/0 must match pattern /)],
    ],
  ])("refuses %s", (_name, changes, found) => {
    expect(complaints(stackFile(changes))).toEqual(found);
  });

  it("tells the meaning of every setting", () => {
    const silent: string[] = [];
    const visit = (schema: ReturnType<typeof settingsJsonSchema>, path: string) => {
      for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        if (inner.description === undefined) silent.push(`${path}${name}`);
        visit(inner, `${path}${name}.`);
      }
      if (typeof schema.additionalProperties === "object") visit(schema.additionalProperties, `${path}*.`);
      if (schema.items !== undefined) visit(schema.items, `${path}*.`);
    };

    visit(settingsJsonSchema(), "");
    visit(existingJsonSchema(), "");

    expect(silent).toEqual([]);
  });
});

it("the examples that the schema shows have the form that it asks for", () => {
  const unfit: unknown[] = [];
  let count = 0;
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { pattern, examples = [] } = part as { pattern?: string; examples?: string[] };
    if (pattern !== undefined) {
      count += examples.length;
      unfit.push(...examples.filter((example) => !new RegExp(pattern, "u").test(example)));
    }
    Object.values(part).forEach(visit);
  };
  visit(settingsJsonSchema());
  visit(existingJsonSchema());

  expect(unfit).toEqual([]);
  expect(count).toBeGreaterThan(20);
});
