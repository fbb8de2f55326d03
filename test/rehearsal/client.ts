import { documentationRanges } from "../../components/facts/networks.ts";
import type { Settings } from "../../components/settings/settings.ts";
import { within } from "../../components/values/cidr.ts";
import type { Client } from "../simulator/aws/endpointAccess.ts";

/** Where Pulumi runs without a setting for it: anywhere on the internet. */
const anywhere = "198.51.100.1";

/**
 * Where a rehearsal assumes Pulumi to run: in the first range of `cluster.publicAccessCidrs`; of a cluster with a private
 * endpoint only in the first of `privateAccessCidrs`, or with the first of `privateAccessSecurityGroupIds`.
 */
export function clientOf({ cluster }: Pick<Settings, "cluster">): Client {
  const { publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds } = cluster;
  const [range] = publicAccessCidrs.length > 0 ? publicAccessCidrs : privateAccessCidrs;
  if (range === undefined) return privateAccessSecurityGroupIds[0] ?? anywhere;
  const example = documentationRanges.find((documented) => within(documented, range) && documented !== range);
  return firstAddress(example ?? range);
}

/** The first address that a machine can have: not the network's own, unless it is a single one. */
function firstAddress(range: string): string {
  const [base = "", prefix] = range.split("/");
  if (Number(prefix) > 30) return base;
  return base.replace(/\d+$/, (last) => String(Number(last) + 1));
}
