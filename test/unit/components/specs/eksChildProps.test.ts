import { describe, expect, it } from "vitest";
import { eksChildProps } from "../../../../components/specs/eksCluster.ts";

const boundary = "arn:aws:iam::111122223333:policy/boundary";
const additions = { tags: { team: "net" }, permissionsBoundary: boundary };
const role = { type: "aws:iam/role:Role", props: { assumeRolePolicy: "{}" } };

describe("a child of the eks component", () => {
  it.each([
    [
      "its role, which gets the boundary and the tags",
      role,
      additions,
      { assumeRolePolicy: "{}", tags: { team: "net" }, permissionsBoundary: boundary },
    ],
    [
      "its role where there is no boundary",
      role,
      { ...additions, permissionsBoundary: undefined },
      { assumeRolePolicy: "{}", tags: { team: "net" } },
    ],
    [
      "its role with an existing tag, which stays",
      { ...role, props: { tags: { team: "eks", Name: "eks" } } },
      additions,
      { tags: { team: "eks", Name: "eks" }, permissionsBoundary: boundary },
    ],
    [
      "an access entry, which has tags and no boundary",
      { type: "aws:eks/accessEntry:AccessEntry", props: { principalArn: "arn" } },
      additions,
      { principalArn: "arn", tags: { team: "net" } },
    ],
    [
      "the cluster, to which the component hands the tags on itself",
      { type: "aws:eks/cluster:Cluster", props: { name: "dev" } },
      additions,
      undefined,
    ],
  ])("%s", (_name, child, added, expected) => {
    expect(eksChildProps(child, added)).toEqual(expected);
  });
});
