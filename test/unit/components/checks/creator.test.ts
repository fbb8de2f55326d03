import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterCreator } from "../../../../components/checks/access.ts";
import { surroundingsLines } from "../../../support/lines.ts";
import { settings } from "../../../support/settings.ts";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/platform`;
const versions = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };

const lines = (admins: readonly string[], found: Parameters<typeof surroundingsLines>[1]) =>
  surroundingsLines({ cluster: { admins } }, found);
const refusal = (index: number, arn: string, verb = "creates") =>
  `cluster.admins[${index}]: ${arn} ${verb} the cluster; EKS already gives it full access, and refuses a second access entry. Remove it.`;

describe("an admin who has access already", () => {
  it.each([
    ["a user who calls", `arn:aws:iam::${account}:user/ops/me`, `arn:aws:iam::${account}:user/ops/me`],
    ["the role that the caller has assumed", role, `arn:aws:sts::${account}:assumed-role/platform/session`],
    [
      "the same with a path, which STS leaves out",
      `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b`,
      `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_0a1b/me@example.com`,
    ],
    [
      "a role of another partition",
      `arn:aws-us-gov:iam::${account}:role/platform`,
      `arn:aws-us-gov:sts::${account}:assumed-role/platform/session`,
    ],
  ])("is refused before the first up: %s", (_name, arn, caller) => {
    expect(lines([`${role}-2`, arn], { caller })).toEqual([refusal(1, arn)]);
  });

  it("is refused when account.roleArn names it", () => {
    const roleArn = `arn:aws:iam::${account}:role/teams/deployer`;
    const changes = { account: { roleArn }, cluster: { admins: [roleArn, role] } };

    expect(surroundingsLines(changes)).toEqual([refusal(0, roleArn)]);
  });

  it.each([
    ["a role of another account", "arn:aws:iam::444455556666:role/platform"],
    ["a user of the same name", `arn:aws:iam::${account}:user/platform`],
    ["a role whose name begins alike", `${role}-2`],
    ["a role with the name as its path", `arn:aws:iam::${account}:role/platform/other`],
  ])("is not %s", (_name, arn) => {
    expect(lines([arn], { caller: `arn:aws:sts::${account}:assumed-role/platform/session` })).toEqual([]);
  });

  it("is refused later by the stack's record of the cluster's creator, with any caller of the preview", () => {
    const caller = `arn:aws:sts::${account}:assumed-role/reader/session`;
    const previous = { ...versions, clusterCreator: role };

    expect(lines([role], { caller, previous })).toEqual([refusal(0, role, "created")]);
  });

  it("may run a later preview as an admin who is one by the stack file alone", () => {
    const caller = `arn:aws:sts::${account}:assumed-role/platform/session`;

    expect(lines([role], { caller, previous: { ...versions, clusterCreator: `${role}-2` } })).toEqual([]);
    expect(lines([role], { caller, previous: versions })).toEqual([]);
  });

  const name = fc.stringMatching(/^[a-zA-Z0-9+=,.@_-]{1,20}$/);

  it("is the one whose role the session is of, whatever names and sessions are", () => {
    fc.assert(
      fc.property(name, name, name, fc.constantFrom("", "ops/", "a/b/"), (own, other, session, path) => {
        fc.pre(own !== other);
        const caller = `arn:aws:sts::${account}:assumed-role/${own}/${session}`;
        const admins = [own, other].map((one) => `arn:aws:iam::${account}:role/${path}${one}`);

        expect(lines(admins, { caller })).toEqual([refusal(0, admins[0] ?? "")]);
      }),
    );
  });
});

describe("who created the cluster", () => {
  it("is put on record as a principal of IAM, and stays what it was", () => {
    const caller = `arn:aws:sts::${account}:assumed-role/platform/session`;

    expect(clusterCreator(settings(), { caller, previous: undefined })).toBe(role);
    expect(
      clusterCreator(settings(), { caller, previous: { ...versions, clusterCreator: `${role}-2` } }),
    ).toBe(`${role}-2`);
    expect(clusterCreator(settings(), { caller, previous: versions })).toBeUndefined();
  });
});
