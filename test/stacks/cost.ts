import type { Settings } from "../../components/rules/settings/settings.ts";
import { program } from "../../infra/program.ts";
import { Aws } from "../rehearsal/cloud/aws.ts";
import type { Values } from "../rehearsal/protocol/provider.ts";
import { type CostItem, monthlyCost } from "../rehearsal/timeline/cost.ts";
import type { GraphResource } from "../rehearsal/timeline/graph.ts";
import { Activity } from "../rehearsal/world/activity.ts";
import { answers } from "../support/answers.ts";
import { type Recorded, record } from "../support/recorder.ts";

/** The bill of a stack, from what the program registers, without the engine. */
export async function costOf(
  settings: Settings,
  config: Readonly<Record<string, string>>,
): Promise<CostItem[]> {
  const activity = new Activity();
  const aws = new Aws({ activity, region: settings.region, existing: existingNetwork(settings) });
  const asked = Object.keys(answers).filter((token) => token.startsWith("aws:"));
  try {
    const { resources } = await record(program, {
      config,
      stack: settings.stack,
      answers: Object.fromEntries(
        asked.map((token) => [token, (args: Record<string, unknown>) => aws.invoke(token, args as Values)]),
      ),
    });
    return monthlyCost(resources.map(asGraph));
  } finally {
    activity.stop();
  }
}

/** The eks component registers its cluster itself, which only the engine sees. */
function asGraph(one: Recorded): GraphResource {
  const { urn, name, custom, parent, dependsOn, inputs } = one;
  const type = one.type === "eks:index:Cluster" ? "aws:eks/cluster:Cluster" : one.type;
  return { urn, type, name, custom, parent, dependsOn, deletedWith: undefined, inputs, outputs: {} };
}

/** A network that could be the one which the settings name: how it looks makes no difference to the bill. */
function existingNetwork({ network: { existing, nodeZones }, region }: Settings) {
  if (existing === undefined) return [];
  const { vpcId, controlPlaneSubnetIds, nodeSubnetIds } = existing;
  const ids = [...new Set([...controlPlaneSubnetIds, ...nodeSubnetIds])];
  const zones = nodeZones ?? [`${region}a`, `${region}b`];
  return [
    {
      type: "aws:ec2/vpc:Vpc",
      id: vpcId,
      inputs: { cidrBlock: "10.40.0.0/16", enableDnsHostnames: true, enableDnsSupport: true },
    },
    ...ids.map((id, index) => ({
      type: "aws:ec2/subnet:Subnet",
      id,
      inputs: {
        vpcId,
        availabilityZone: zones[index % zones.length] ?? "",
        cidrBlock: `10.40.${16 * (index % 16)}.0/20`,
      },
    })),
  ];
}
