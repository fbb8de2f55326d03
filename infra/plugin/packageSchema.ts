import { type JsonSchema, settingsJsonSchema } from "../../components/settings/jsonSchema.ts";
import { settingsNamespace } from "../../components/settings/namespaces.ts";
import { ebpfClusterType } from "../ebpfCluster.ts";
import type { Outputs } from "../outputs.ts";

/** A property in a Pulumi package schema. */
interface PropertySpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly oneOf?: readonly PropertySpec[];
  readonly items?: PropertySpec;
  readonly additionalProperties?: PropertySpec;
  readonly description?: string;
  /** The value has to be known when the program says it: no output of another resource. */
  readonly plain?: boolean;
  readonly secret?: boolean;
}

interface ObjectSpec {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
}

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const anything = { $ref: "pulumi.json#/Any" } as const;

/** Outputs of the component, in the order of the documentation. */
const outputs: Readonly<Record<keyof Outputs, PropertySpec>> = {
  clusterName: text,
  clusterCreator: text,
  clusterEndpoint: text,
  kubeconfig: { ...text, secret: true },
  certificateAuthority: text,
  region: text,
  vpcId: text,
  nodeSubnetIds: texts,
  controlPlaneSubnetIds: texts,
  publicSubnetIds: texts,
  natAddresses: texts,
  nodeRoleArn: text,
  nodeSecurityGroupId: text,
  controlPlaneSecurityGroupId: text,
  oidcIssuer: text,
  oidcProviderArn: text,
  kubernetesVersion: text,
  calicoVersion: text,
  cni: text,
  dataplane: text,
  externalService: text,
  kubeProxy: text,
  fixed: anything,
  installation: anything,
  felixConfiguration: anything,
};

/** Names of the outputs. */
export const outputNames = Object.keys(outputs) as (keyof Outputs)[];

/**
 * Schema of the Pulumi package, from which the CLI makes an SDK in another language. The inputs are the settings of a
 * stack file, as the schema of settings has them.
 * @param version of the package: `0.1.0`
 */
export function packageSchema(version: string) {
  const types: Record<string, ObjectSpec> = {};
  const { properties, required } = objectOf(settingsJsonSchema(), [], types);
  return {
    name: settingsNamespace,
    displayName: "EKS with Calico eBPF",
    version,
    description: "An EKS cluster whose whole data path is Calico eBPF.",
    license: "Apache-2.0",
    resources: {
      [ebpfClusterType]: {
        isComponent: true,
        description: "An EKS cluster whose whole data path is Calico eBPF. A stack holds one.",
        inputProperties: {
          region: { ...text, plain: true, description: "AWS region." },
          profile: { ...text, plain: true, description: "Profile of the AWS configuration files." },
          ...properties,
        },
        requiredInputs: ["region", ...required],
        properties: outputs,
        required: outputNames.filter((name) => !["clusterCreator", "cni", "oidcProviderArn"].includes(name)),
      },
    },
    types,
  };
}

type Steps = readonly string[];
type Types = Record<string, ObjectSpec>;

/** A type for the mapping at a path, and for all mappings in it. */
function objectOf(schema: JsonSchema, steps: Steps, types: Types): ObjectSpec {
  const entries = Object.entries(schema.properties ?? {});
  return {
    type: "object",
    ...(schema.description === undefined ? {} : { description: schema.description }),
    properties: Object.fromEntries(
      entries.map(([key, inner]) => [key, propertyOf(inner, [...steps, key], types)]),
    ),
    required: schema.required ?? [],
  };
}

function propertyOf(schema: JsonSchema, steps: Steps, types: Types): PropertySpec {
  const { description } = schema;
  return {
    ...formOf(schema, steps, types),
    plain: true,
    ...(description === undefined ? {} : { description }),
  };
}

function formOf(schema: JsonSchema, steps: Steps, types: Types): PropertySpec {
  const { anyOf, items, properties, additionalProperties, type } = schema;
  if (anyOf !== undefined) {
    const forms = anyOf.filter((one) => one.type !== "null").map((one) => formOf(one, steps, types));
    return forms.length === 1 ? (forms[0] ?? anything) : { oneOf: forms };
  }
  if (properties !== undefined) {
    const token = `${settingsNamespace}:index:${steps.map(capitalized).join("")}`;
    types[token] = objectOf(schema, steps, types);
    return { $ref: `#/types/${token}` };
  }
  if (typeof additionalProperties === "object") {
    return { type: "object", additionalProperties: inside(additionalProperties, [...steps, "value"], types) };
  }
  if (items !== undefined) return { type: "array", items: inside(items, [...steps, "item"], types) };
  return type === undefined ? anything : { type };
}

function inside(schema: JsonSchema, steps: Steps, types: Types): PropertySpec {
  return { ...formOf(schema, steps, types), plain: true };
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
