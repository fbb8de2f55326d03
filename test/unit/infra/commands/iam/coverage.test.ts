import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lookupActions } from "../../../../../infra/commands/iam/facts/serviceActions.ts";
import { knownTypes, largestPolicy, sizeOf } from "../../../../../infra/commands/iam/policies.ts";
import { stackPolicies, typesOf } from "../../../../../infra/commands/iam/stackPolicies.ts";
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
