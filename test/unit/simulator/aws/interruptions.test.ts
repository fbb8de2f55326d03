import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import { Account } from "./account.ts";

const eventPattern = JSON.stringify({
  source: ["aws.ec2"],
  "detail-type": ["EC2 Spot Instance Interruption Warning"],
});
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
let account: Account;
beforeEach(() => {
  account = new Account();
});

describe("SQS and EventBridge", () => {
  it("put events into a queue that is there", async () => {
    const { outputs } = await account.create(types.queue, "events", { messageRetentionSeconds: 300 });
    const rule = await account.createId(types.eventRule, "events", { eventPattern });
    await account.create(types.queuePolicy, "events", { queueUrl: outputs["url"] ?? "", policy });

    await account.create(types.eventTarget, "events", { rule, arn: outputs["arn"] ?? "" });
    await expect(
      account.create(types.eventTarget, "other", { rule, arn: "arn:aws:sqs:x:1:gone" }),
    ).rejects.toThrow("does not exist");
  });

  it.each([
    ["a rule without a pattern", types.eventRule, {}, "EventPattern or ScheduleExpression must be specified"],
    [
      "a rule whose pattern is not JSON",
      types.eventRule,
      { eventPattern: "{" },
      "InvalidEventPatternException",
    ],
    [
      "a rule whose pattern has a value without a list",
      types.eventRule,
      { eventPattern: '{"source":"aws.ec2"}' },
      "InvalidEventPatternException",
    ],
    [
      "a target of a rule that is gone",
      types.eventTarget,
      { rule: "gone", arn: "arn" },
      "Rule gone does not exist",
    ],
    ["a policy of a queue that is gone", types.queuePolicy, { queueUrl: "gone", policy }, "NonExistentQueue"],
    ["a policy that is none", types.queuePolicy, { queueUrl: "gone", policy: "{" }, "parameter Policy"],
  ])("refuse %s", async (_name, type, inputs, words) => {
    await expect(account.create(type, "one", inputs)).rejects.toThrow(words);
  });

  it("refuse a queue that keeps messages for less than a minute", () => {
    expect(account.failures(types.queue, { messageRetentionSeconds: 59 })).toEqual([
      "expected messageRetentionSeconds to be in the range (60 - 1209600), got 59",
    ]);
  });
});

it("an instance profile needs its role, and holds it", async () => {
  await expect(account.create(types.instanceProfile, "nodes", { role: "gone" })).rejects.toThrow(
    "NoSuchEntity: The role with name gone cannot be found.",
  );
  const { id } = await account.role("nodes", "ec2.amazonaws.com");
  await account.create(types.instanceProfile, "nodes", { role: id });
  await expect(account.delete(types.role, id)).rejects.toThrow("DeleteConflict");
});
