import { resourceId } from "./ids.ts";
import type { Request, Row } from "./model.ts";
import { toCluster } from "./references.ts";
import { types } from "./types.ts";
import { text } from "./values.ts";

function refusesEntry({ inputs, cloud }: Request): string | undefined {
  const cluster = cloud.find(types.cluster, text(inputs, "clusterName"));
  const mode = text(cluster?.inputs ?? {}, "accessConfig.authenticationMode");
  if (mode !== "API" && mode !== "API_AND_CONFIG_MAP") {
    return "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.";
  }
  return /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/.+/.test(text(inputs, "principalArn"))
    ? undefined
    : "InvalidParameterException: The principalArn parameter format is not valid";
}

/** Who may do what in a cluster. */
export const accessRows: readonly Row[] = [
  {
    type: types.accessEntry,
    requires: ["clusterName", "principalArn"],
    allows: ["type", "userName", "kubernetesGroups", "tags"],
    references: [{ property: "clusterName", ...toCluster, onDelete: "goes" }],
    replaces: ["clusterName", "principalArn", "type"],
    refuses: refusesEntry,
    id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`,
    duplicate: () =>
      "ResourceInUseException: The specified access entry resource is already in use on this cluster.",
    defaults: { type: "STANDARD" },
    outputs: {
      accessEntryArn: ({ cloud, id, inputs }) =>
        cloud.arn("eks", `access-entry/${text(inputs, "clusterName")}/${resourceId("", id).slice(1)}`),
    },
  },
  {
    type: types.accessPolicyAssociation,
    requires: ["clusterName", "principalArn", "policyArn", "accessScope"],
    allows: [],
    references: [{ property: "clusterName", ...toCluster, onDelete: "goes" }],
    replaces: ["clusterName", "principalArn", "policyArn", "accessScope"],
    refuses: ({ inputs, cloud }) => {
      const entry = `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`;
      if (cloud.find(types.accessEntry, entry) === undefined) {
        return "ResourceNotFoundException: The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.";
      }
      return /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/\w+$/.test(text(inputs, "policyArn"))
        ? undefined
        : "InvalidParameterException: The policyArn parameter format is not valid";
    },
    id: (inputs) => ["clusterName", "principalArn", "policyArn"].map((name) => text(inputs, name)).join("#"),
    outputs: {},
  },
];
