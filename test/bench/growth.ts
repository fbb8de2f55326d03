import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { program } from "../../infra/program.ts";
import { Engine } from "../rehearsal/engine.ts";
import { grownStackFile } from "../rehearsal/grownStackFile.ts";
import { pluginOptions } from "../rehearsal/start.ts";
import { RealKubernetes, type RealParts } from "../simulator/realKubernetes/realKubernetes.ts";
import { startWorldWith, type World } from "../simulator/world/world.ts";

/** Nodes that the cluster begins with, so that the operator's start counts for none of the steps. */
const firstNodes = 2;

const stallMilliseconds = 60_000;

export interface Growth {
  readonly root: string;
  readonly command: PulumiCommand;
  readonly parts: Omit<RealParts, "serviceCidr">;
  /** Numbers of nodes to grow to, one after the other. */
  readonly steps: readonly number[];
  /** What else to do with the cluster at each of them; does not count. */
  readonly atEach?: (world: World<RealKubernetes>) => Promise<void>;
}

/** Lets the dev stack grow on one real API server; returns the seconds per node of each step, from the first join to all Ready. */
export async function growth({ root, command, parts, steps, atEach }: Growth): Promise<number[]> {
  const dev = readStackFile({ stack: "dev" }, root);
  // Room for all from the start: ranges do not change on a living cluster.
  const most = grownStackFile(dev, Math.max(...steps));
  const configFor = (nodes: number) => grownStackFile(most, nodes).config;
  const { serviceCidr } = stackSettings(most).cluster;
  const world = await startWorldWith(
    { region: "eu-west-1", stallMilliseconds },
    (cloud, activity) => new RealKubernetes(cloud, activity, { ...parts, serviceCidr }),
  );
  const engine = await Engine.start({
    program,
    command,
    stack: "dev",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config: configFor(firstNodes),
    debugProviders: world.debugProviders,
    ...(await pluginOptions(world.kubernetes)),
  });
  try {
    await engine.up();
    const took: number[] = [];
    for (const nodes of steps) {
      await engine.configure(configFor(nodes));
      took.push(await joining(world, () => engine.up()));
      await atEach?.(world);
    }
    return took;
  } finally {
    await world.stop();
    await engine.remove();
  }
}

/** Seconds from the first new node to the last that became Ready, for each of them. */
async function joining(
  { activity, cloud }: World<RealKubernetes>,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = cloud.instances.size;
  let first = Number.NaN;
  let last = Number.NaN;
  activity.onChange(() => {
    if (Number.isNaN(first) && cloud.instances.size > before) first = performance.now();
    const nodes = [...cloud.instances.values()];
    if (Number.isNaN(last) && nodes.length > before && nodes.every(({ ready }) => ready))
      last = performance.now();
  });
  await work();
  return (last - first) / 1000 / (cloud.instances.size - before);
}
