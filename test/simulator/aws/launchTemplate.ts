import { nameSuffix } from "./ids.ts";
import type { Row } from "./model.ts";
import { toSecurityGroup } from "./references.ts";
import { types } from "./types.ts";
import { refusesEncoding } from "./userData.ts";
import { at, isKnown, number, text } from "./values.ts";

function nameOf(inputs: Parameters<NonNullable<Row["problems"]>>[0], seed: string): string {
  return text(inputs, "name") || `${text(inputs, "namePrefix")}${nameSuffix(seed)}`;
}

/** A document only: what it names is in use once something is launched from it. */
export const launchTemplateRows: readonly Row[] = [
  {
    type: types.launchTemplate,
    requires: [],
    allows: [
      "name",
      "namePrefix",
      "description",
      "metadataOptions",
      "blockDeviceMappings",
      "vpcSecurityGroupIds",
      "tagSpecifications",
      "userData",
      "updateDefaultVersion",
      "tags",
    ],
    naming: { property: "name", unless: "namePrefix" },
    references: [{ property: "vpcSecurityGroupIds", ...toSecurityGroup }],
    replaces: ["name", "namePrefix"],
    problems: (inputs) => {
      const hops = number(inputs, "metadataOptions.httpPutResponseHopLimit") ?? 1;
      return hops >= 1 && hops <= 64
        ? []
        : [`expected httpPutResponseHopLimit to be in the range (1 - 64), got ${hops}`];
    },
    refuses: ({ inputs, cloud, self }) => {
      const name = text(inputs, "name");
      const taken = cloud
        .ofType(types.launchTemplate)
        .some((other) => other !== self && name !== "" && text(other.outputs, "name") === name);
      if (taken) {
        return "InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.";
      }
      return isKnown(at(inputs, "userData")) ? refusesEncoding(text(inputs, "userData")) : undefined;
    },
    id: "lt",
    outputs: {
      name: ({ object, inputs }) => nameOf(inputs, object.seed),
      arn: ({ cloud, id }) => cloud.arn("ec2", `launch-template/${id}`),
      latestVersion: ({ object }) => object.versions.length,
      defaultVersion: ({ object, inputs }) =>
        at(inputs, "updateDefaultVersion") === true ? object.versions.length : 1,
    },
    changes: ["latestVersion", "defaultVersion"],
  },
];
