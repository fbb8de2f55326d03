import { z } from "zod";

const object = { type: ["object", "null"] };
const text = { type: ["string", "null"] };

/**
 * Schemas of add-ons' configuration in the form in which EKS writes them, with the keys that are known: of kube-proxy from
 * aws/containers-roadmap#2420, of the EBS driver from its chart's values.schema.json (kubernetes-sigs/aws-ebs-csi-driver
 * 429e202e), whose names the add-on takes.
 */
const schemas: Readonly<Record<string, object>> = {
  "kube-proxy": {
    $ref: "#/definitions/KubeProxy",
    definitions: {
      KubeProxy: {
        type: "object",
        additionalProperties: false,
        properties: {
          ipvs: object,
          mode: { enum: ["iptables", "ipvs", "nftables"] },
          podAnnotations: object,
          podLabels: object,
          resources: object,
        },
      },
    },
  },
  "aws-ebs-csi-driver": {
    $ref: "#/definitions/EbsCsi",
    definitions: {
      EbsCsi: {
        type: "object",
        additionalProperties: false,
        properties: { controller: { $ref: "#/definitions/Controller" }, node: object, sidecars: object },
      },
      Controller: {
        type: "object",
        additionalProperties: false,
        properties: {
          affinity: object,
          batching: { type: "boolean" },
          defaultFsType: text,
          extraVolumeTags: object,
          k8sTagClusterId: text,
          logLevel: { type: "integer" },
          nodeSelector: object,
          region: text,
          replicaCount: { type: "integer", minimum: 1 },
          resources: object,
          tolerations: { type: "array", items: { type: "object" } },
        },
      },
    },
  },
};

/** What DescribeAddonConfiguration answers; undefined: the simulated EKS takes any configuration of the add-on. */
export function addonSchema(name: string): object | undefined {
  const schema = schemas[name];
  return schema && { $schema: "http://json-schema.org/draft-06/schema#", ...schema };
}

/** Why EKS refuses configuration values, in its words; undefined: it takes them. */
export function refusesConfiguration(name: string, values: string): string | undefined {
  const refused = "InvalidParameterException: ConfigurationValue provided in request is not supported";
  let parsed: unknown;
  try {
    parsed = JSON.parse(values === "" ? "{}" : values);
  } catch {
    return `${refused}: it is not JSON or YAML`;
  }
  const schema = schemas[name];
  if (schema === undefined) return undefined;
  const draft = "http://json-schema.org/draft-07/schema#";
  const [issue] = z.fromJSONSchema({ ...schema, $schema: draft }).safeParse(parsed).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const at = ["$", ...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])];
  const why =
    issue.code === "unrecognized_keys"
      ? "is not defined in the schema and the schema does not allow additional properties"
      : issue.message;
  return `${refused}: Json schema validation failed with error: [${at.join(".")}: ${why}]`;
}
