import { beforeAll, describe, expect, it } from "vitest";
import { stackPolicies, typesOf } from "../../infra/commands/iam/stackPolicies.ts";
import { previewedResources } from "../../infra/commands/policies/preview.ts";
import type { GraphResource } from "../../infra/commands/shared/graph.ts";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { configTexts, stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { registration } from "../../infra/commands/stacks/registration.ts";
import { program } from "../../infra/program.ts";
import { type AccessRequest, statementsOf, verdict } from "../simulator/aws/policies.ts";
import { requestsFor } from "./iamRequests.ts";
import { previewed } from "./previewing.ts";
import { rehearsed, root } from "./rehearsed.ts";

const { config: prod } = readStackFile({ stack: "prod" }, root);

const config = {
  ...prod,
  "calico-ebpf-eks:iam": { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" },
};

let created: readonly GraphResource[] = [];
let previewOfProd: Awaited<ReturnType<typeof previewed>>;

// Before any registration without an engine: the SDK's mocks, once set, stay.
beforeAll(async () => {
  previewOfProd = await previewed({ program, config: prod, words: ["--json", "--show-sames"] });
  ({ resources: created } = await rehearsed({ config }));
}, 120_000);

describe("The IAM policies of prod are about", () => {
  it("exactly the types that the engine sees, the children of the eks component among them", async () => {
    const settings = stackSettings({ name: "prod", file: "prod", config: prod });
    const seen = previewedResources("preview.json", previewOfProd.output).map(({ type }) => type);
    const ours = typesOf(await registration(settings, configTexts(prod)), settings);

    expect([...new Set(seen.filter((type) => type.startsWith("aws:")))].toSorted()).toEqual(ours);
  });
});

describe("The IAM policies, judged as IAM judges,", () => {
  const settings = stackSettings({ name: "dev", file: "a test", config });
  let isAllowed: (request: AccessRequest) => boolean;

  beforeAll(async () => {
    const policies = stackPolicies({
      settings,
      registration: await registration(settings, configTexts(config)),
      accountId: "111122223333",
      access: "up",
      everySetting: false,
    });
    const statements = Object.values(policies).flatMap((one) => statementsOf(JSON.stringify(one)));
    isAllowed = (request) => statements.some((one) => verdict(one, request) === "Allow");
  }, 120_000);

  it("let a stack create, hand on and delete what up has created, by the names that it has then", () => {
    const requests = requestsFor(created);

    expect(requests.length).toBeGreaterThan(40);
    expect(new Set(requests.map(({ action }) => action)).size).toBe(29);
    expect(requests.filter((request) => !isAllowed(request))).toEqual([]);
  });

  it("refuse the same to another cluster, and to another account", () => {
    const named = requestsFor(created).filter(({ resource }) => resource.includes("calico-ebpf-eks-dev"));
    const others = [
      ...named.map((one) => ({ ...one, resource: one.resource.replaceAll("calico-ebpf-eks-dev", "other") })),
      ...named.map((one) => ({ ...one, resource: one.resource.replaceAll("111122223333", "444455556666") })),
    ];

    expect(named.length).toBeGreaterThan(15);
    expect(others.filter(isAllowed)).toEqual([]);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["a role without the boundary", { context: {} }],
    [
      "a role under another one",
      { context: { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" } },
    ],
    ["a role of another name", { resource: "arn:aws:iam::111122223333:role/admin" }],
    [
      "an administrator's policy",
      {
        action: "iam:AttachRolePolicy",
        context: {
          "iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/boundary",
          "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess",
        },
      },
    ],
    ["the way out of the boundary", { action: "iam:DeleteRolePermissionsBoundary" }],
    [
      "a role for another service",
      { action: "iam:PassRole", context: { "iam:PassedToService": "lambda.amazonaws.com" } },
    ],
    [
      "an instance without a launch template",
      {
        action: "ec2:RunInstances",
        resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        context: {},
      },
    ],
  ])("refuse %s", (_name, changes) => {
    const role = requestsFor(created).find(({ action }) => action === "iam:CreateRole");
    if (role === undefined) throw new Error("no role was created");

    expect(isAllowed(role)).toBe(true);
    expect(isAllowed({ ...role, ...changes })).toBe(false);
  });
});
