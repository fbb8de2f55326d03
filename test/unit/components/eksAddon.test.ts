import { describe, expect, it } from "vitest";
import { EksAddon, type EksAddonArgs } from "../../../components/eksAddons.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { Stub } from "../../support/stub.ts";

const addonType = "aws:eks/addon:Addon";

const addon = (changes: Partial<EksAddonArgs> = {}) =>
  record(
    () =>
      new EksAddon("metrics-server", {
        clusterName: "dev",
        addonName: "metrics-server",
        addonVersion: "v0.8.3-eksbuild.2",
        configuration: { hostNetwork: { enabled: true } },
        after: [new Stub("ready-gate")],
        tags: { team: "net" },
        ...changes,
      }),
  );

const { resources } = await addon();

describe("EksAddon", () => {
  it("registers one add-on, below itself, after all that it waits for", () => {
    expect(registered(resources)).toEqual([
      "aws:eks/addon:Addon metrics-server",
      "calico-ebpf-eks:index:EksAddon metrics-server",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:EksAddon metrics-server"]);
    expect(dependenciesOf(resources, find(resources, addonType))).toEqual(["test:index:Stub ready-gate"]);
  });

  it("hands the configuration on as JSON, and keeps what was changed in the cluster at an update", () => {
    expect(find(resources, addonType).inputs).toEqual({
      clusterName: "dev",
      addonName: "metrics-server",
      addonVersion: "v0.8.3-eksbuild.2",
      configurationValues: '{"hostNetwork":{"enabled":true}}',
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      tags: { team: "net" },
    });
  });

  it("says nothing of a configuration that is the add-on's own", async () => {
    const { resources: plain } = await addon({ configuration: {} });

    expect(find(plain, addonType).inputs).not.toHaveProperty("configurationValues");
  });
});
