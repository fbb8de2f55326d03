import type { Settings } from "../../../components/settings/settings.ts";
import { type CostItem, monthlyCost } from "../shared/cost/cost.ts";
import type { GraphResource } from "../shared/graph.ts";
import type { Recorded } from "../shared/plan/recorder.ts";
import { registration } from "./registration.ts";

/** The bill of a stack, from what the program registers, without the engine. */
export async function costOf(
  settings: Settings,
  config: Readonly<Record<string, string>>,
): Promise<CostItem[]> {
  const { resources } = await registration(settings, config);
  return monthlyCost(resources.map(asGraph));
}

/** The eks component registers its cluster itself, which only the engine sees. */
function asGraph(one: Recorded): GraphResource {
  const { urn, name, custom, parent, dependsOn, inputs } = one;
  const type = one.type === "eks:index:Cluster" ? "aws:eks/cluster:Cluster" : one.type;
  return { urn, type, name, custom, parent, dependsOn, deletedWith: undefined, inputs, outputs: {} };
}
