import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accountOfStack } from "../../infra/commands/shared/stackSettings.ts";
import { RealKubernetes } from "../simulator/realKubernetes/realKubernetes.ts";
import type { KubernetesDouble } from "../simulator/world/kubernetesDouble.ts";
import { startWorld, startWorldWith, type World } from "../simulator/world/world.ts";
import { clientOf } from "./client.ts";
import { Engine } from "./engine.ts";
import type { EngineOptions } from "./engineOptions.ts";
import type { RehearseOptions } from "./rehearsal.ts";

/** Real processes are slower: only a longer silence means that nothing more will happen. */
const realStallMilliseconds = 60_000;

type Surroundings = Pick<RehearseOptions, "settings" | "world" | "realKubernetes" | "progress">;

/** Starts the world for a rehearsal, a real control plane with progress. The caller stops it. */
export async function startedWorld({
  settings,
  world = {},
  realKubernetes,
  progress,
}: Surroundings): Promise<World<KubernetesDouble>> {
  const account = accountOfStack(settings);
  const client = clientOf(settings);
  const options = {
    region: settings.region,
    client,
    ...(account === undefined ? {} : { account }),
    ...world,
  };
  if (realKubernetes === undefined) return startWorld(options);
  const { serviceCidr } = settings.cluster;
  const started = await startWorldWith(
    { stallMilliseconds: realStallMilliseconds, ...options },
    (cloud, activity) => new RealKubernetes(cloud, activity, { ...realKubernetes, serviceCidr }),
  );
  progress?.start(`start ${realKubernetes.tools.description}`);
  try {
    await started.kubernetes.start((part) => progress?.update(`waiting for ${part}`));
    progress?.done();
    return started;
  } catch (error) {
    progress?.fail();
    await started.stop();
    throw error;
  }
}

/** Creates the stack of a rehearsal, without resources, in a world. The caller removes it. */
export async function startedEngine(
  {
    program,
    command,
    root,
    settings,
    config,
    parallel,
  }: Omit<RehearseOptions, "until" | "progress" | "world">,
  { debugProviders, kubernetes }: World<KubernetesDouble>,
): Promise<Engine> {
  return Engine.start({
    program,
    command,
    stack: settings.stack,
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config,
    debugProviders,
    ...(await pluginOptions(kubernetes)),
    ...(parallel === undefined ? {} : { parallel }),
  });
}

/** Engine options for a Kubernetes with a plugin. */
export async function pluginOptions(
  kubernetes: KubernetesDouble,
): Promise<Pick<EngineOptions, "pluginFolder" | "charts">> {
  const plugin = await kubernetes.plugin?.();
  if (plugin === undefined) return {};
  const { folder, chartRepository, certificate } = plugin;
  return { pluginFolder: folder, charts: { repository: chartRepository, certificate } };
}
