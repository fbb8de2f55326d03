import {
  existingJsonSchema,
  type JsonSchema,
  settingsJsonSchema,
} from "../../../components/settings/jsonSchema.ts";
import { settingsNamespace } from "../../../components/settings/namespaces.ts";

/** File in stacks/. */
export const schemaFile = "stackFile.schema.json";

const clusterKey = `${settingsNamespace}:cluster`;

/** Text of the JSON schema of a stack file, which editors use to complete and check it. */
export function stackFileSchema(): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of calico-ebpf-eks",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        if: {
          required: [clusterKey],
          properties: { [clusterKey]: { type: "object", required: ["existing"] } },
        },
        // An existing cluster: on EKS it needs a region, elsewhere none.
        // biome-ignore lint/suspicious/noThenProperty: the word is JSON schema's
        then: configSchema(existingJsonSchema(), []),
        else: configSchema(settingsJsonSchema(), ["aws:region"]),
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function configSchema({ properties = {}, required = [] }: JsonSchema, foreign: readonly string[]) {
  const keys = Object.entries(properties).map(([key, schema]) => [`${settingsNamespace}:${key}`, schema]);
  return {
    properties: { ...awsSettings, ...Object.fromEntries(keys) },
    // Settings of Pulumi and of other programs.
    patternProperties: { [`^(?!aws:|${settingsNamespace}:)[^:]+:.+$`]: true },
    additionalProperties: false,
    required: [...foreign, ...required.map((key) => `${settingsNamespace}:${key}`)],
  };
}

const awsSettings = {
  "aws:region": {
    type: "string",
    pattern: "^[a-z]{2}(-[a-z]+)+-\\d$",
    description: "AWS region of the cluster.",
    examples: ["eu-west-1"],
  },
  "aws:profile": {
    type: "string",
    minLength: 1,
    description: "Profile of the AWS configuration files; unset: the ambient credentials.",
  },
};
