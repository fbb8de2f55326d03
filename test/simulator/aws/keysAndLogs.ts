import { uuid } from "./ids.ts";
import type { Row } from "./model.ts";
import { parsePolicy } from "./policies.ts";
import { toKey } from "./references.ts";
import { types } from "./types.ts";
import { at, isKnown, number, text } from "./values.ts";

/** Days that CloudWatch Logs can keep events for; 0 means forever. */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** KMS keys and log groups. */
export const keyAndLogRows: readonly Row[] = [
  {
    type: types.key,
    requires: [],
    allows: ["description", "enableKeyRotation", "deletionWindowInDays", "policy", "tags"],
    problems: (inputs) => {
      const days = number(inputs, "deletionWindowInDays") ?? 30;
      return days >= 7 && days <= 30
        ? []
        : [`expected deletionWindowInDays to be in the range (7 - 30), got ${days}`];
    },
    refuses: ({ inputs }) =>
      "policy" in inputs && parsePolicy(at(inputs, "policy")) === undefined
        ? "MalformedPolicyDocumentException: The new key policy is malformed"
        : undefined,
    id: (_, seed) => uuid(seed),
    defaults: { enableKeyRotation: false, isEnabled: true },
    outputs: {
      keyId: ({ id }) => id,
      arn: ({ cloud, id }) => cloud.arn("kms", `key/${id}`),
    },
  },
  {
    type: types.alias,
    requires: ["targetKeyId"],
    allows: ["name"],
    naming: { property: "name", prefix: "alias/" },
    references: [{ property: "targetKeyId", ...toKey, onDelete: "goes" }],
    replaces: ["name"],
    problems: (inputs) =>
      isKnown(at(inputs, "name")) && !/^alias\/[a-zA-Z0-9/_-]+$/.test(text(inputs, "name"))
        ? [`name must begin with 'alias/' and be comprised of only [a-zA-Z0-9/_-]: ${text(inputs, "name")}`]
        : [],
    refuses: ({ inputs }) =>
      text(inputs, "name").startsWith("alias/aws/")
        ? "NotAuthorizedException: alias/aws/ is reserved"
        : undefined,
    id: (inputs) => text(inputs, "name"),
    duplicate: (name) => `AlreadyExistsException: An alias with the name ${name} already exists`,
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("kms", id),
      targetKeyArn: ({ cloud, inputs }) => cloud.arn("kms", `key/${text(inputs, "targetKeyId")}`),
    },
  },
  {
    type: types.logGroup,
    requires: [],
    allows: ["name", "namePrefix", "retentionInDays", "kmsKeyId", "skipDestroy", "tags"],
    naming: { property: "name", unless: "namePrefix" },
    replaces: ["name", "namePrefix"],
    problems: (inputs) => {
      const days = number(inputs, "retentionInDays") ?? 0;
      return retentionDays.includes(days)
        ? []
        : [`expected retentionInDays to be one of [${retentionDays.join(" ")}], got ${days}`];
    },
    id: (inputs) => text(inputs, "name"),
    duplicate: () => "ResourceAlreadyExistsException: The specified log group already exists",
    defaults: { retentionInDays: 0 },
    outputs: { arn: ({ cloud, id }) => cloud.arn("logs", `log-group:${id}`) },
  },
];
