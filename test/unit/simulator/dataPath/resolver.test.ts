import { expect, it } from "vitest";
import { answered } from "../../../simulator/dataPath/resolver.ts";

/** A question as `dig` sends it: id 0x1234, recursion desired. */
function question(name: string, type = 1): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([
    Buffer.from([0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels,
    Buffer.from([0, 0, type, 0, 1]),
  ]);
}

const addressOf = (name: string) => (name === "ec2.eu-west-1.amazonaws.com" ? "169.254.169.240" : undefined);

it("answers with the address, under the question's id", () => {
  const answer = answered(question("ec2.eu-west-1.amazonaws.com"), addressOf);
  expect(answer?.readUInt16BE(0)).toBe(0x1234);
  expect((answer?.readUInt16BE(2) ?? 0) & 0x0f).toBe(0);
  expect(answer?.readUInt16BE(6)).toBe(1);
  expect([...(answer?.subarray(-4) ?? [])]).toEqual([169, 254, 169, 240]);
});

it("does not mind capitals", () => {
  expect(answered(question("EC2.eu-west-1.AMAZONAWS.com"), addressOf)?.readUInt16BE(6)).toBe(1);
});

it("says of a name that it knows that it has no address of another kind", () => {
  const answer = answered(question("ec2.eu-west-1.amazonaws.com", 28), addressOf);
  expect([(answer?.readUInt16BE(2) ?? 0) & 0x0f, answer?.readUInt16BE(6)]).toEqual([0, 0]);
});

it("says of any other name that there is none", () => {
  const answer = answered(question("example.com"), addressOf);
  expect([(answer?.readUInt16BE(2) ?? 0) & 0x0f, answer?.readUInt16BE(6)]).toEqual([3, 0]);
});

it.each([Buffer.alloc(0), Buffer.alloc(12), question("example.com").subarray(0, 20)])(
  "is silent when a question is not whole",
  (query) => {
    expect(answered(query, addressOf)).toBeUndefined();
  },
);
