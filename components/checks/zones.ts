import type { Settings, Surroundings } from "../settings/settings.ts";
import {
  allInstanceTypes,
  chooseZones,
  controlPlaneZoneCount,
  missingTypes,
  takesControlPlane,
} from "../specs/subnets.ts";
import type { Problem } from "../values/problem.ts";
import { counted, listed } from "../values/words.ts";

/** Rules on zones and subnets that the settings name. */
export function zoneProblems({ network, region }: Settings): Problem[] {
  const { nodeZones = [], existing } = network;
  return [
    ...(existing !== undefined && nodeZones.length > 0 ? [ignoredZones] : []),
    ...nodeZones.flatMap((zone, index) => foreignZone(zone, index, region)),
    ...repeated("network.nodeZones", nodeZones, "zone"),
    ...repeated("network.existing.controlPlaneSubnetIds", existing?.controlPlaneSubnetIds ?? [], "subnet"),
    ...repeated("network.existing.nodeSubnetIds", existing?.nodeSubnetIds ?? [], "subnet"),
  ];
}

/** Rules on the region's zones, for a network of our own. */
export function regionZoneProblems(settings: Settings, { zones, offerings }: Surroundings): Problem[] {
  const { network, nodePools } = settings;
  const instanceTypes = allInstanceTypes(nodePools);
  const { nodeZones } = chooseZones({ zones, offerings, wanted: network.nodeZones, instanceTypes });
  const known = nodeZones.filter((zone) => zones.some(({ name }) => name === zone));
  return [
    ...controlPlaneZones(settings, zones),
    ...nodeZones.flatMap((zone, index) => unavailable(zone, index, settings, zones)),
    ...(nodeZones.length === 0
      ? [nowhere(settings, instanceTypes)]
      : offeringProblems(settings, known, { zones, offerings })),
  ];
}

/** One problem for each instance type that a node zone does not offer. */
export function offeringProblems(
  { nodePools }: Settings,
  nodeZones: readonly string[],
  { zones, offerings }: Pick<Surroundings, "zones" | "offerings">,
): Problem[] {
  return Object.entries(nodePools).flatMap(([name, { instanceTypes }]) =>
    instanceTypes.flatMap((type, index) => {
      const without = nodeZones.filter((zone) => missingTypes(offerings, zone, [type]).length > 0);
      if (without.length === 0) return [];
      const elsewhere = zones
        .map(({ name: zone }) => zone)
        .filter((zone) => missingTypes(offerings, zone, [type]).length === 0);
      return [
        {
          path: `nodePools.${name}.instanceTypes[${index}]`,
          found: `${listed(without)} ${without.length === 1 ? "does" : "do"} not offer ${type}`,
          needs: `nodes start in ${listed(nodeZones)}`,
          fix:
            elsewhere.length === 0
              ? "Use another type"
              : `Use another type, or a zone that offers it (${elsewhere.join(", ")})`,
        },
      ];
    }),
  );
}

const ignoredZones: Problem = {
  path: "network.nodeZones",
  found: "zones have no meaning here",
  needs: "network.existing names the subnets, which have their zones",
  fix: "Remove nodeZones",
};

function foreignZone(zone: string, index: number, region: string): Problem[] {
  // An empty region has its own problem.
  if (region === "" || zone.slice(0, -1) === region) return [];
  return [
    {
      path: `network.nodeZones[${index}]`,
      found: `${zone} is not in ${region}`,
      needs: "the cluster is in the region that aws:region names",
      fix: `Write a zone of it, such as ${region}a`,
    },
  ];
}

function repeated(path: string, values: readonly string[], noun: string): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [
          {
            path: `${path}[${index}]`,
            found: `${value} is there twice`,
            needs: `each ${noun} counts once`,
            fix: "Remove one",
          },
        ],
  );
}

function controlPlaneZones({ region }: Settings, zones: Surroundings["zones"]): Problem[] {
  const usable = zones.filter(takesControlPlane).map(({ name }) => name);
  if (usable.length >= controlPlaneZoneCount) return [];
  const which = usable.length === 0 ? "" : ` (${usable.join(", ")})`;
  return [
    {
      path: "aws:region",
      found: `${region} has ${counted(usable.length, "zone")} that can hold a control plane${which}`,
      needs: "EKS needs two",
      fix: "Choose another region",
    },
  ];
}

function unavailable(
  zone: string,
  index: number,
  { region }: Settings,
  zones: Surroundings["zones"],
): Problem[] {
  const names = zones.map(({ name }) => name);
  // A zone of another region is refused before anybody asks AWS.
  if (names.includes(zone) || zone.slice(0, -1) !== region) return [];
  return [
    {
      path: `network.nodeZones[${index}]`,
      found: `${zone} is not available to this account`,
      needs: `${region} has ${listed(names)}`,
      fix: "Choose one of them",
    },
  ];
}

function nowhere({ region }: Settings, instanceTypes: readonly string[]): Problem {
  return {
    path: "nodePools",
    found: `no zone of ${region} offers ${listed(instanceTypes)}${instanceTypes.length > 1 ? " together" : ""}`,
    needs: "every node zone has to offer every type",
    fix: "Choose types that one zone offers",
  };
}
