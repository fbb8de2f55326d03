import type { Settings } from "../../../components/settings/settings.ts";
import { program } from "../../program.ts";
import { answers, type Recorded, record } from "../shared/plan/recorder.ts";
import { accountOfStack } from "../shared/stackSettings.ts";

/** What a stack registers and reads in AWS. */
export interface Registration {
  /** As the program registers them; only the engine sees what the eks component adds. */
  readonly resources: readonly Recorded[];
  /** Tokens of the functions it invokes beforehand, each once. */
  readonly lookups: readonly string[];
}

type Answer = (args: Record<string, unknown>) => Record<string, unknown>;

/** What the program registers for a stack, without the engine and without AWS. */
export async function registration(
  settings: Settings,
  config: Readonly<Record<string, string>>,
): Promise<Registration> {
  const lookups = new Set<string>();
  const noted = (token: string, answer: Answer): [string, Answer] => [
    token,
    (args) => {
      lookups.add(token);
      return answer(args);
    },
  ];
  const given = Object.entries({ ...answers, ...answersFor(settings) }).filter(([token]) =>
    token.startsWith("aws:"),
  );
  const { resources } = await record(program, {
    config,
    stack: settings.stack,
    answers: Object.fromEntries(given.map(([token, answer]) => noted(token, answer))),
  });
  return { resources, lookups: [...lookups].toSorted() };
}

/** Answers that depend on the stack file: its account, its region with three zones that offer everything, its own subnets. */
function answersFor(settings: Settings): Readonly<Record<string, Answer>> {
  const { region, network } = settings;
  const accountId = accountOfStack(settings) ?? "111122223333";
  const zones = [...new Set([...(network.nodeZones ?? []), ...["a", "b", "c"].map((zone) => region + zone)])];
  const ids = [
    ...new Set([
      ...(network.existing?.controlPlaneSubnetIds ?? []),
      ...(network.existing?.nodeSubnetIds ?? []),
    ]),
  ];
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
      accountId,
      arn: `arn:aws:iam::${accountId}:role/deployer`,
      userId: "AROAEXAMPLE",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
      names: zones,
      zoneIds: zones.map((zone) => `${zone}-id`),
    }),
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters }) => {
      const [{ values = [] } = {}] = filters as { values?: string[] }[];
      const pairs = zones.flatMap((zone) => values.map((type) => ({ zone, type })));
      return { locations: pairs.map(({ zone }) => zone), instanceTypes: pairs.map(({ type }) => type) };
    },
    // The subnets of an existing network do not affect the cost.
    "aws:ec2/getSubnet:getSubnet": ({ id }) => {
      const index = Math.max(ids.indexOf(String(id)), 0);
      const zone = zones[index % zones.length] ?? "";
      return {
        id,
        vpcId: network.existing?.vpcId,
        availabilityZone: zone,
        availabilityZoneId: `${zone}-id`,
        cidrBlock: `10.40.${16 * (index % 16)}.0/20`,
      };
    },
  };
}
