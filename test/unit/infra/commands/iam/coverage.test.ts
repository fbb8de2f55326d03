import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { settingsSchema } from "../../../../../components/settings/schema.ts";
import { lookupActions } from "../../../../../infra/commands/iam/facts/serviceActions.ts";
import { knownTypes, largestPolicy, sizeOf } from "../../../../../infra/commands/iam/policies.ts";
import {
  attachedPolicies,
  broughtPolicies,
  stackPolicies,
  typesOf,
} from "../../../../../infra/commands/iam/stackPolicies.ts";
import { answers, record } from "../../../../../infra/commands/shared/plan/recorder.ts";
import { readStackFile } from "../../../../../infra/commands/shared/stackFile.ts";
import { configTexts, stackSettings } from "../../../../../infra/commands/shared/stackSettings.ts";
import { type Registration, registration } from "../../../../../infra/commands/stacks/registration.ts";
import { findings } from "../../../../../infra/policies/policies.ts";
import { program } from "../../../../../infra/program.ts";
import { resource } from "../../../../support/policies.ts";
import { type SettingsChange, settings } from "../../../../support/settings.ts";
import { stackConfig } from "../../../../support/stackConfig.ts";
import { existingNetwork, variants } from "../../variants.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..", "..");
const stacks: readonly SettingsChange[] = [
  {},
  ...Object.values(variants),
  { cluster: { admins: ["arn:aws:iam::111122223333:role/platform"], logTypes: [] } },
  { ...existingNetwork, loadBalancers: true },
];

/** What a variant registers and asks, by the recorder's own answers. */
async function registered(changes: SettingsChange): Promise<Registration> {
  const lookups = new Set<string>();
  const noted = Object.entries(answers).map(
    ([token, answer]) =>
      [
        token,
        (args: Record<string, unknown>) => {
          lookups.add(token);
          return answer(args);
        },
      ] as const,
  );
  const { resources } = await record(program, {
    config: stackConfig(changes),
    answers: Object.fromEntries(noted),
  });
  return { resources, lookups: [...lookups] };
}

const all: { readonly changes: SettingsChange; readonly registration: Registration }[] = [];
for (const changes of stacks) all.push({ changes, registration: await registered(changes) });

describe("the IAM actions that are written down", () => {
  it("are of exactly the types that some stack registers", () => {
    const types = new Set(all.flatMap(({ changes, registration: one }) => typesOf(one, settings(changes))));

    expect([...types].toSorted()).toEqual(knownTypes.toSorted());
  });

  it("are of exactly the questions that some stack asks AWS", () => {
    const tokens = new Set(
      all.flatMap(({ registration: { lookups } }) => lookups.filter((token) => token.startsWith("aws:"))),
    );

    expect([...tokens].toSorted()).toEqual(Object.keys(lookupActions).toSorted());
  });
});

describe("the stacks that the actions are compared with", () => {
  it("have every value of every switch, but for those that bring nothing to AWS", () => {
    const used = stacks.map((changes) => settings(changes));
    const choices = switches(z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }));
    const unused = choices.filter(({ at, value }) => !used.some((one) => valuesAt(one, at).includes(value)));

    expect(unused.map(({ at, value }) => `${at.join(".")}: ${value}`)).toEqual([
      // Other words for Single and None.
      "network.natGateway: true",
      "network.natGateway: false",
      // Fields of the cluster and of node groups.
      "cluster.allowPublicAnywhere: true",
      "cluster.support: EXTENDED",
      "cluster.deletionProtection: true",
      "nodePools.*.taints.*.effect: NoSchedule",
      "nodePools.*.taints.*.effect: PreferNoSchedule",
      "nodePools.*.taints.*.effect: NoExecute",
      // Objects in Kubernetes.
      "calico.encapsulation: VXLANCrossSubnet",
      "calico.encapsulation: IPIP",
      "calico.encapsulation: IPIPCrossSubnet",
      "calico.apiServer: false",
      // More rules of the same type.
      "nodeFirewall.fromControlPlane.*.for: metrics-server",
      "nodeFirewall.fromControlPlane.*.for: aws-load-balancer-controller",
      "nodeFirewall.fromControlPlane.*.for: karpenter",
      "nodeFirewall.fromControlPlane.*.for: keda",
      "networkPolicies.allowPodIdentity: true",
      // What a stack file writes into a policy of a role.
      "addons.*.podIdentity.statements.*.effect: Allow",
      "addons.*.podIdentity.statements.*.effect: Deny",
      "podIdentities.*.statements.*.effect: Deny",
    ]);
  });
});

describe("npm run iam -- --every-setting", () => {
  it("lets exactly those managed policies be attached that some setting brings", () => {
    const named = JSON.stringify(stacks);
    const brought = all.flatMap(({ registration: one }) =>
      attachedPolicies(one).filter((policy) => !named.includes(`"arn:aws:iam::aws:policy/${policy}"`)),
    );

    expect([...new Set(brought)].toSorted()).toEqual([...broughtPolicies].toSorted());
  });

  it.each(all.map((one): [string, (typeof all)[number]] => [JSON.stringify(one.changes), one]))(
    "permits a plain stack to become %s",
    (_name, { changes, registration: wanted }) => {
      const everySetting = policiesFor({}, true);
      const lacks = policiesFor(changes, false, wanted).flatMap(({ Action, Condition }) => {
        const arns = Condition?.["ArnEquals"]?.["iam:PolicyARN"] ?? [];
        const named = [arns].flat().filter((arn) => !JSON.stringify(changes).includes(`"${arn}"`));
        return [...Action, ...named].filter((one) => !JSON.stringify(everySetting).includes(`"${one}"`));
      });

      expect(lacks).toEqual([]);
    },
  );
});

/** Statements of the policies that let `up` bring such a stack. */
function policiesFor(changes: SettingsChange, everySetting: boolean, wanted = all[0]?.registration) {
  const documents = stackPolicies({
    settings: settings(changes),
    registration: wanted ?? { resources: [], lookups: [] },
    accountId: "111122223333",
    access: "up",
    everySetting,
  });
  return Object.values(documents).flatMap(({ Statement }) => Statement);
}

type Part = z.core.JSONSchema.BaseSchema | boolean;

interface Choice {
  readonly at: readonly string[];
  readonly value: boolean | string;
}

/** Each value of each setting that takes one of a few words, or a boolean. */
function switches(schema: Part | undefined, at: readonly string[] = []): Choice[] {
  if (typeof schema !== "object") return [];
  const values = schema.type === "boolean" ? [true, false] : (schema.enum ?? [schema.const]);
  return [
    ...values.flatMap((value) =>
      typeof value === "string" || typeof value === "boolean" ? [{ at, value }] : [],
    ),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => switches(one, at)),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => switches(one, [...at, key])),
    ...[schema.additionalProperties, schema.items].flat().flatMap((one) => switches(one, [...at, "*"])),
  ];
}

/** What settings have at a path, in which * is every key. */
function valuesAt(settings: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [settings];
  if (typeof settings !== "object" || settings === null) return [];
  const within = key === "*" ? Object.values(settings) : [(settings as Record<string, unknown>)[key]];
  return within.flatMap((one) => valuesAt(one, rest));
}

describe.each(["dev", "prod"])("the policies for %s", (stack) => {
  const stackFile = readStackFile({ stack }, root);
  const judged = stackSettings(stackFile);

  it.each(["preview", "up"] as const)(
    "for %s allow no action by wildcard, and IAM takes them",
    async (access) => {
      const documents = Object.values(
        stackPolicies({
          settings: judged,
          registration: await registration(judged, configTexts(stackFile.config)),
          accountId: "111122223333",
          access,
          everySetting: false,
        }),
      );
      const policies = documents.map((one) =>
        resource("aws:iam/policy:Policy", { policy: JSON.stringify(one) }),
      );

      expect(documents.length).toBeGreaterThan(0);
      expect(findings(policies)).toEqual([]);
      expect(documents.map(sizeOf).filter((size) => size > largestPolicy)).toEqual([]);
    },
  );
});
