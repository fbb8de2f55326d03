import { serviceRanges } from "../facts/reservedRanges.ts";
import type { Settings } from "../settings/settings.ts";
import { prefixLength, within } from "../values/cidr.ts";
import type { Problem } from "../values/problem.ts";
import { alternatives } from "../values/words.ts";
import { clusterRanges, freeRange, overlapProblems, vpcRange } from "./addressRanges.ts";
import { vpcProblems } from "./nodeSubnets.ts";
import { podAddressProblems } from "./podAddresses.ts";
import { unusableRangeProblems } from "./unusableRanges.ts";

/** Rules on the ranges that settings alone decide. */
export function addressProblems(settings: Settings): Problem[] {
  return [
    ...unusableRangeProblems(settings),
    ...(settings.network.existing === undefined ? vpcProblems(settings) : []),
    ...serviceRange(settings),
    ...overlapProblems([...vpcRange(settings), ...clusterRanges(settings)]),
    ...podAddressProblems(settings),
  ];
}

function serviceRange(settings: Settings): Problem[] {
  const { serviceCidr } = settings.cluster;
  const free = freeRange([...vpcRange(settings), ...clusterRanges(settings)], "cluster.serviceCidr");
  const prefix = prefixLength(serviceCidr);
  const sound = prefix >= 12 && prefix <= 24 && serviceRanges.some((range) => within(serviceCidr, range));
  if (sound) return [];
  return [
    {
      path: "cluster.serviceCidr",
      found: `EKS does not take ${serviceCidr}`,
      needs: `it takes prefixes from /12 to /24 within ${alternatives(serviceRanges)}`,
      fix: `Choose such a range${free === undefined ? "" : `, like ${free}`}`,
    },
  ];
}
