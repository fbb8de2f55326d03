import { types } from "../../simulator/aws/types.ts";
import { number, text } from "../../simulator/aws/values.ts";
import { type Ec2Endpoint, type Ec2Rule, startEc2 } from "../../simulator/existing/ec2Endpoint.ts";
import type { Instance } from "../../simulator/world/instance.ts";
import type { World } from "../../simulator/world/world.ts";

/** What EC2 reports incorrectly. */
export interface Ec2Lies {
  readonly instances?: (instances: readonly Instance[]) => readonly Instance[];
  readonly rules?: (rules: readonly Ec2Rule[]) => readonly Ec2Rule[];
  /** Actions that are denied. */
  readonly denied?: readonly string[];
}

/**
 * EC2's answers about a simulated AWS.
 * @param lies read at each request
 */
export function startEc2Of(
  { aws, cloud }: Pick<World<never>, "aws" | "cloud">,
  lies: () => Ec2Lies,
): Promise<Ec2Endpoint> {
  return startEc2({
    get instances() {
      const real = [...cloud.instances.values()];
      return lies().instances?.(real) ?? real;
    },
    get rules() {
      const real = rulesOf(aws);
      return lies().rules?.(real) ?? real;
    },
    get denied() {
      return lies().denied ?? [];
    },
  });
}

function rulesOf(aws: World["aws"]): Ec2Rule[] {
  return [types.ingressRule, types.egressRule].flatMap((type) =>
    aws.ofType(type).map(({ inputs }) => {
      const [sourceGroupId, sourceCidr] = [
        text(inputs, "referencedSecurityGroupId"),
        text(inputs, "cidrIpv4"),
      ];
      return {
        isEgress: type === types.egressRule,
        groupId: text(inputs, "securityGroupId"),
        protocol: text(inputs, "ipProtocol"),
        fromPort: number(inputs, "fromPort") ?? -1,
        toPort: number(inputs, "toPort") ?? -1,
        ...(sourceGroupId === "" ? { sourceCidr } : { sourceGroupId }),
      };
    }),
  );
}
