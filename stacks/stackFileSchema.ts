import { settingsJsonSchema } from "../components/rules/settings/jsonSchema.ts";

/** File beside the stacks. */
export const schemaFile = "stackFile.schema.json";

/** Text of the JSON schema of a stack file, from which editors complete and check. */
export function stackFileSchema(): string {
  const { properties = {}, required = [] } = settingsJsonSchema();
  const namespace = "calico-ebpf-eks";
  const keys = Object.entries(properties).map(([key, schema]) => [`${namespace}:${key}`, schema]);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of calico-ebpf-eks",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        properties: { ...awsSettings, ...Object.fromEntries(keys) },
        // Pulumi's own settings and those of other programs.
        patternProperties: { [`^(?!aws:|${namespace}:)[^:]+:.+$`]: true },
        additionalProperties: false,
        required: ["aws:region", ...required.map((key) => `${namespace}:${key}`)],
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
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
