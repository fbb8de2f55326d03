import { describe, expect, it, vi } from "vitest";
import { type Recorded, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { bothFamilies } from "./variants.ts";

// Recording the whole program takes a second, and a busy machine makes it many.
vi.setConfig({ testTimeout: 60_000 });

/** What has to be unique in an account and region, and what its name there is made of. */
function physicalNames(resources: readonly Recorded[]): string[] {
  return resources
    .filter(({ type }) => /^(aws|eks):/.test(type))
    .flatMap(({ type, name, inputs }) => {
      if (type === "aws:eks/addon:Addon") return [];
      const given = inputs["name"] ?? inputs["nodeGroupName"];
      return [`${type} ${typeof given === "string" ? given : name}`];
    });
}

const namesOf = async (stack: string, changes: Parameters<typeof stackConfig>[0]) =>
  physicalNames((await record(program, { stack, config: stackConfig(changes) })).resources);

describe("two stacks in one account and region", () => {
  it("share no physical name", async () => {
    const blue = await namesOf("blue", bothFamilies);
    const green = await namesOf("green", bothFamilies);

    expect(blue.length).toBeGreaterThan(30);
    expect(blue.filter((name) => green.includes(name))).toEqual([]);
  });

  it("have the cluster's name in every name", async () => {
    const names = await namesOf("blue", { ...bothFamilies, cluster: { name: "platform" } });

    expect(names.filter((name) => !name.includes("platform"))).toEqual([]);
  });

  it("would collide under one cluster name", async () => {
    const blue = await namesOf("blue", { cluster: { name: "platform" } });
    const green = await namesOf("green", { cluster: { name: "platform" } });

    expect(blue.filter((name) => green.includes(name))).toContain("eks:index:Cluster platform");
  });
});
