import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, namesOf } from "../../support/graph.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { stored } from "./variants.ts";

const classType = "kubernetes:storage.k8s.io/v1:StorageClass";

const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).resources;

describe("volumes", () => {
  it("come with a class once the driver runs", async () => {
    const resources = await recorded(stored);

    expect([...before(resources, find(resources, classType))]).toContain(
      "aws:eks/addon:Addon aws-ebs-csi-driver",
    );
  });

  it("have no class in a stack that does not ask for them, even with the driver as an add-on", async () => {
    const addons = { "aws-ebs-csi-driver": {} };

    expect(namesOf(await recorded({ addons }), classType)).toEqual([]);
    expect(namesOf(await recorded({}), classType)).toEqual([]);
  });
});
