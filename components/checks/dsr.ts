import type { Settings } from "../settings/settings.ts";
import { overlaps, within } from "../values/cidr.ts";
import type { Found, Problem } from "../values/problem.ts";
import { type AddressRange, clusterRanges, vpcRange } from "./addresses.ts";

const path = "calico.externalService";

/** Rules on direct server return: replies that go straight from the pod's node to the client. */
export function dsrProblems(settings: Settings): Problem[] {
  return [
    modeProblems(settings),
    optOutProblems(settings, [...vpcRange(settings), ...clusterRanges(settings)]),
  ].flat();
}

/** A client range that opts out may lie outside a cluster range or contain all of it, but not be part of it. */
export function optOutProblems({ calico }: Settings, ranges: readonly AddressRange[]): Problem[] {
  return calico.dsrOptOutCidrs.flatMap((optOut, index) =>
    ranges
      .filter(({ cidr }) => overlaps(optOut, cidr) && !within(cidr, optOut))
      .map(({ name, cidr }) => ({
        path: `calico.dsrOptOutCidrs[${index}]`,
        found: `${optOut} is part of ${name} (${cidr})`,
        needs:
          "a range that opts out of DSR must lie outside the cluster's ranges or contain them completely",
        fix: `Write ${cidr}, or a range outside it`,
      })),
  );
}

function modeProblems({ calico, network }: Settings): Found {
  if (calico.externalService !== "DSR") return [];
  if (calico.dataplane !== "BPF") {
    return {
      path,
      found: "DSR, the default, needs the BPF dataplane",
      needs: `calico.dataplane is ${calico.dataplane}`,
      fix: "Set externalService: Tunnel, or dataplane: BPF",
    };
  }
  if (calico.cni === "AmazonVPC") return [onFurtherInterfaces];
  return network.existing === undefined
    ? ownSubnets(network.nodeZones ?? [])
    : existingSubnets(network.existing);
}

/**
 * Calico marks such replies for the routes of the VPC CNI from Linux 6.10 on, and turns the source/destination check of the
 * first interface only off (projectcalico/calico#9569, #11665, #13260, felix/aws/ec2.go); nothing upstream tests DSR there.
 */
const onFurtherInterfaces: Problem = {
  path,
  found: "DSR needs replies that leave through the first network interface of a node",
  needs: "calico.cni is AmazonVPC, whose pods are on further interfaces as well",
  fix: "Set externalService: Tunnel, the default with it",
};

function ownSubnets(zones: readonly string[]): Found {
  if (zones.length < 2) return [];
  return {
    path,
    found: "DSR needs one node subnet",
    needs: `network.nodeZones has ${zones.length} (${zones.join(", ")})`,
    fix: "Keep one zone, or set externalService: Tunnel",
  };
}

function existingSubnets({ nodeSubnetIds }: NonNullable<Settings["network"]["existing"]>): Found {
  if (nodeSubnetIds.length < 2) return [];
  return {
    path,
    found: "DSR needs one node subnet",
    needs: `network.existing.nodeSubnetIds has ${nodeSubnetIds.length} (${nodeSubnetIds.join(", ")})`,
    fix: "Keep one subnet, or set externalService: Tunnel",
  };
}
