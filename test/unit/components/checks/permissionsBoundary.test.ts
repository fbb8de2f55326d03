import { describe, expect, it } from "vitest";
import { surroundingsLines } from "../../../support/lines.ts";

const lines = (permissionsBoundary: string) => surroundingsLines({ iam: { permissionsBoundary } });

describe("a permissions boundary", () => {
  it("of another account is refused", () => {
    expect(lines("arn:aws:iam::444455556666:policy/boundary")).toEqual([
      "iam.permissionsBoundary: the policy is in account 444455556666; the credentials belong to 111122223333, and a permissions boundary must be in the role's account. Use a policy in 111122223333, or credentials for 444455556666.",
    ]);
  });

  it.each(["arn:aws:iam::111122223333:policy/boundary", "arn:aws:iam::aws:policy/PowerUserAccess"])(
    "%s passes",
    (arn) => {
      expect(lines(arn)).toEqual([]);
    },
  );
});

describe("a further policy of the nodes' role", () => {
  it("of another account is refused", () => {
    const nodePolicyArns = [
      "arn:aws:iam::111122223333:policy/own",
      "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
      "arn:aws:iam::444455556666:policy/other",
    ];

    expect(surroundingsLines({ iam: { nodePolicyArns } })).toEqual([
      "iam.nodePolicyArns[2]: the policy is in account 444455556666; the credentials belong to 111122223333, and a role's policy must be in the role's account. Use a policy in 111122223333, or credentials for 444455556666.",
    ]);
  });
});
