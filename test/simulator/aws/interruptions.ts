import type { Value, Values } from "../protocol/provider.ts";
import type { Request, Row } from "./model.ts";
import { parsePolicy } from "./policies.ts";
import { types } from "./types.ts";
import { at, isKnown, number, text } from "./values.ts";

/** Seconds for which a queue can keep a message (SQS API reference, SetQueueAttributes). */
const retentionSeconds = { least: 60, most: 1_209_600 };

/** A pattern as EventBridge takes it: an object whose leaves are lists. */
function isPattern(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === "object" && value !== null && Object.values(value).every(isPattern);
}

function parsed(json: string): Value | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function refusesRule({ inputs }: Request): string | undefined {
  if (!("eventPattern" in inputs) && !("scheduleExpression" in inputs)) {
    return "ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified.";
  }
  const pattern = parsed(text(inputs, "eventPattern"));
  return isPattern(pattern) && Object.keys(pattern as Values).length > 0
    ? undefined
    : "InvalidEventPatternException: Event pattern is not valid.";
}

/** EventBridge says nothing of a queue that does not let it in: its messages are lost. */
function refusesTarget({ inputs, cloud }: Request): string | undefined {
  const isThere = cloud.ofType(types.queue).some(({ outputs }) => outputs["arn"] === inputs["arn"]);
  return isThere
    ? undefined
    : `ValidationException: Provided Arn is not in correct format or does not exist.`;
}

/** Queues, and rules that put events into them. */
export const interruptionRows: readonly Row[] = [
  {
    type: types.queue,
    requires: [],
    allows: ["name", "namePrefix", "messageRetentionSeconds", "sqsManagedSseEnabled", "tags"],
    naming: { property: "name", unless: "namePrefix" },
    replaces: ["name", "namePrefix"],
    problems: (inputs) => {
      const seconds = number(inputs, "messageRetentionSeconds") ?? retentionSeconds.least;
      const { least, most } = retentionSeconds;
      return [
        ...(seconds >= least && seconds <= most
          ? []
          : [`expected messageRetentionSeconds to be in the range (${least} - ${most}), got ${seconds}`]),
        ...(isKnown(at(inputs, "name")) && !/^[a-zA-Z0-9_-]{1,80}$/.test(text(inputs, "name"))
          ? [`invalid queue name: ${text(inputs, "name")}`]
          : []),
      ];
    },
    id: (inputs) => text(inputs, "name"),
    duplicate: () => "QueueAlreadyExists: A queue already exists with the same name",
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("sqs", id),
      url: ({ cloud, id }) => `https://sqs.${cloud.region}.amazonaws.com/${cloud.account}/${id}`,
    },
  },
  {
    type: types.queuePolicy,
    requires: ["queueUrl", "policy"],
    allows: [],
    replaces: ["queueUrl"],
    refuses: ({ inputs, cloud }) => {
      if (parsePolicy(at(inputs, "policy")) === undefined) {
        return "InvalidAttributeValue: Invalid value for the parameter Policy.";
      }
      const isThere = cloud.ofType(types.queue).some(({ outputs }) => outputs["url"] === inputs["queueUrl"]);
      return isThere
        ? undefined
        : "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.";
    },
    id: (inputs) => text(inputs, "queueUrl"),
    outputs: {},
  },
  {
    type: types.eventRule,
    requires: [],
    allows: ["name", "namePrefix", "description", "eventPattern", "scheduleExpression", "state", "tags"],
    naming: { property: "name", unless: "namePrefix" },
    replaces: ["name", "namePrefix"],
    problems: (inputs) =>
      text(inputs, "name").length > 64
        ? [`expected length of name to be in the range (1 - 64), got ${text(inputs, "name")}`]
        : [],
    refuses: refusesRule,
    id: (inputs) => text(inputs, "name"),
    outputs: { arn: ({ cloud, id }) => cloud.arn("events", `rule/${id}`) },
    held: () => "ValidationException: Rule can't be deleted since it has targets.",
  },
  {
    type: types.eventTarget,
    requires: ["rule", "arn"],
    allows: ["targetId"],
    naming: { property: "targetId" },
    references: [
      {
        property: "rule",
        to: types.eventRule,
        by: "id",
        missing: (name) => `ResourceNotFoundException: Rule ${name} does not exist on EventBus default.`,
        onDelete: "prevents",
      },
    ],
    replaces: ["rule", "targetId"],
    refuses: refusesTarget,
    id: (inputs) => `${text(inputs, "rule")}-${text(inputs, "targetId")}`,
    outputs: {},
  },
];
