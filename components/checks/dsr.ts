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
export function optOutProblems(
  { calico }: { readonly calico: Pick<Settings["calico"], "dsrOptOutCidrs"> },
  ranges: readonly AddressRange[],
): Problem[] {
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
  if (calico.dataplane !== "BPF") return needsBpf(calico.dataplane);
  if (calico.cni === "AmazonVPC") return notShown;
  const { existing, nodeZones = [] } = network;
  const [setting, noun, subnets]: [string, string, readonly string[]] =
    existing === undefined
      ? ["network.nodeZones", "zone", nodeZones]
      : ["network.existing.nodeSubnetIds", "subnet", existing.nodeSubnetIds];
  if (subnets.length < 2) return [];
  return {
    path,
    found: "DSR needs one node subnet",
    needs: `${setting} has ${subnets.length} (${subnets.join(", ")})`,
    fix: `Keep one ${noun}, or set externalService: Tunnel`,
  };
}

/** The problem with DSR and another dataplane. */
export function needsBpf(dataplane: string): Problem {
  return {
    path,
    found: "DSR, the default, needs the BPF dataplane",
    needs: `calico.dataplane is ${dataplane}`,
    fix: "Set externalService: Tunnel, or dataplane: BPF",
  };
}

/**
 * Nothing upstream tests it, and Calico marks replies for the routes of the VPC CNI from Linux 6.10 on
 * (projectcalico/calico#9569, #11665, #13260). With Calico 3.28.5 a client had answers through both nodes of a cluster that was
 * set to DSR by hand (2026-11-28); which way the replies took was not measured.
 */
const notShown: Problem = {
  path,
  found: "DSR has not been shown to work with the AWS VPC CNI",
  needs: "calico.cni is AmazonVPC",
  fix: "Set externalService: Tunnel, the default with it",
};
