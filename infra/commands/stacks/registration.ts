import type { Settings } from "../../../components/settings/settings.ts";
import { program } from "../../program.ts";
import { accountOfStack } from "../shared/accountOfStack.ts";
import { Aws } from "../../../test/simulator/aws/aws.ts";
import type { Values } from "../../../test/simulator/protocol/provider.ts";
import { Activity } from "../../../test/simulator/world/activity.ts";
import { answers } from "../shared/plan/answers.ts";
import { type Recorded, record } from "../shared/plan/recorder.ts";

/** What a stack asks of AWS. */
export interface Registration {
  /** As the program registers them; what the eks component adds only the engine sees. */
  readonly resources: readonly Recorded[];
  /** Tokens of what it asks beforehand, each once. */
  readonly lookups: readonly string[];
}

/** What the program registers for a stack, on a simulated AWS, without the engine. */
export async function registration(
  settings: Settings,
  config: Readonly<Record<string, string>>,
): Promise<Registration> {
  const activity = new Activity();
  const account = accountOfStack(settings);
  const aws = new Aws({
    activity,
    region: settings.region,
    existing: existingNetwork(settings),
    ...(account === undefined ? {} : { account }),
  });
  const lookups = new Set<string>();
  const answer = (token: string) => (args: Record<string, unknown>) => {
    lookups.add(token);
    return aws.invoke(token, args as Values);
  };
  const tokens = Object.keys(answers).filter((token) => token.startsWith("aws:"));
  try {
    const { resources } = await record(program, {
      config,
      stack: settings.stack,
      answers: Object.fromEntries(tokens.map((token) => [token, answer(token)])),
    });
    return { resources, lookups: [...lookups].toSorted() };
  } finally {
    activity.stop();
  }
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
