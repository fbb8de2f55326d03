import { unusableRanges } from "../facts/networks.ts";
import type { Settings } from "../settings/settings.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import { overlaps, within } from "../values/cidr.ts";
import type { Problem } from "../values/problem.ts";

/** Rules on ranges that no host can use, for the stack's addresses and its clients'. */
export function unusableRangeProblems(settings: Settings): Problem[] {
  const { network, cluster, calico, nodePorts } = settings;
  return [
    ...(network.existing === undefined ? addresses("network.vpcCidr", network.vpcCidr) : []),
    ...clients("cluster.publicAccessCidrs", cluster.publicAccessCidrs),
    ...(!usesVpcCni(settings) ? addresses("calico.podCidr", calico.podCidr) : []),
    ...clients("calico.dsrOptOutCidrs", calico.dsrOptOutCidrs),
    ...clients("nodePorts.clients", nodePorts.clients ?? []),
  ];
}

/** Whether hosts can have every address of the range. */
export function isUsable(cidr: string): boolean {
  return unusable().every(([range]) => !overlaps(cidr, range));
}

function addresses(path: string, cidr: string): Problem[] {
  return unusable()
    .filter(([range]) => overlaps(cidr, range))
    .slice(0, 1)
    .map(([range, what]) => ({
      path,
      found: `${cidr} ${within(cidr, range) ? "holds" : "includes"} ${what} (${range})`,
      needs: "no node or pod can use them",
      fix: "Choose a private range, such as one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    }));
}

/** A range that merely includes such addresses also has others. */
function clients(path: string, cidrs: readonly string[]): Problem[] {
  return cidrs.flatMap((cidr, index) =>
    unusable()
      .filter(([range]) => within(cidr, range))
      .map(([range, what]) => ({
        path: `${path}[${index}]`,
        found: `${cidr} contains ${what} (${range})`,
        needs: "no client can use them",
        fix: "Write the clients' addresses, or remove it",
      })),
  );
}

function unusable(): [string, string][] {
  return Object.entries(unusableRanges);
}
