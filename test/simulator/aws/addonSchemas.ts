import { z } from "zod";

const object = { type: ["object", "null"] };
const text = { type: ["string", "null"] };

/**
 * Schemas of add-ons' configuration in the form in which EKS writes them, with the keys that are known: of kube-proxy from
 * aws/containers-roadmap#2420, of the EBS driver from its chart's values.schema.json (kubernetes-sigs/aws-ebs-csi-driver
 * 429e202e), whose names the add-on takes, and of the VPC CNI from what awslabs/cdk-eks-blueprints lib/addons/vpc-cni passes.
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
  "vpc-cni": {
    $ref: "#/definitions/VpcCni",
    definitions: {
      VpcCni: {
        type: "object",
        additionalProperties: false,
        properties: {
          enableNetworkPolicy: text,
          enableWindowsIpam: text,
          env: { $ref: "#/definitions/Env" },
          init: object,
          nodeAgent: object,
          resources: object,
        },
      },
      Env: {
        type: "object",
        additionalProperties: false,
        properties: {
          ADDITIONAL_ENI_TAGS: text,
          ANNOTATE_POD_IP: text,
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: text,
          AWS_VPC_K8S_CNI_EXTERNALSNAT: text,
          AWS_VPC_K8S_CNI_VETHPREFIX: text,
          CLUSTER_ENDPOINT: text,
          ENABLE_POD_ENI: text,
          ENABLE_PREFIX_DELEGATION: text,
          MAX_ENI: text,
          WARM_ENI_TARGET: text,
          WARM_IP_TARGET: text,
          WARM_PREFIX_TARGET: text,
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
