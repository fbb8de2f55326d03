import { describe, expect, it } from "vitest";
import { settingsLines, surroundingsLines } from "../../../support/lines.ts";
import { released, type SettingsChange, settings } from "../../../support/settings.ts";

const tunnel = { externalService: "Tunnel" } as const;
const existing = {
  vpcId: "vpc-0a1b2c3d",
  controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
  nodeSubnetIds: ["subnet-0000000c"],
};

const refused: readonly { name: string; changes: SettingsChange; lines: readonly string[] }[] = [
  {
    name: "a zone of another region",
    changes: { network: { nodeZones: ["us-east-1a"] } },
    lines: [
      "network.nodeZones[0]: us-east-1a is not in eu-west-1; the cluster is in the region that aws:region sets. Write a zone in eu-west-1, such as eu-west-1a.",
    ],
  },
  {
    name: "a zone twice",
    changes: { network: { nodeZones: ["eu-west-1a", "eu-west-1a"] }, calico: tunnel },
    lines: ["network.nodeZones[1]: eu-west-1a is listed twice; each zone counts once. Remove one."],
  },
  {
    name: "zones together with a network that has them",
    changes: { network: { existing, nodeZones: ["eu-west-1a"] } },
    lines: [
      "network.nodeZones: no effect; network.existing names the subnets, and each has its zone. Remove nodeZones.",
    ],
  },
  {
    name: "a control-plane subnet twice",
    changes: {
      network: { existing: { ...existing, controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000a"] } },
    },
    lines: [
      "network.existing.controlPlaneSubnetIds[1]: subnet-0000000a is listed twice; each subnet counts once. Remove one.",
    ],
  },
];

describe("zones in the settings", () => {
  it.each(refused)("are refused: $name", ({ changes, lines }) => {
    expect(settingsLines(changes)).toEqual(lines);
  });

  it.each([
    {
      name: "two of the region",
      changes: { network: { nodeZones: ["eu-west-1a", "eu-west-1b"] }, calico: tunnel },
    },
    { name: "none named", changes: {} },
    { name: "none named with an existing network", changes: { network: { existing } } },
  ] satisfies { name: string; changes: SettingsChange }[])("are accepted: $name", ({ changes }) => {
    expect(settingsLines(changes)).toEqual([]);
  });
});

describe("zones of the region", () => {
  it("are accepted when one offers every type and two take a control plane", () => {
    expect(surroundingsLines({})).toEqual([]);
  });

  it("have to exist", () => {
    expect(surroundingsLines({ network: { nodeZones: ["eu-west-1d"] } })).toEqual([
      "network.nodeZones[0]: eu-west-1d is not available to this account; eu-west-1 has eu-west-1a, eu-west-1b and eu-west-1c. Choose one of them.",
    ]);
  });

  const virginia = { region: "us-east-1" };
  const first = { name: "us-east-1b", id: "use1-az1" };
  const second = { name: "us-east-1c", id: "use1-az2" };
  const excluded = { name: "us-east-1a", id: "use1-az3" };
  const offerings = { "us-east-1b": ["m7i.large"] };

  it("have to take a control plane, two of them", () => {
    expect(surroundingsLines(virginia, { zones: [excluded, first], offerings })).toEqual([
      "aws:region: us-east-1 has 1 zone that can hold a control plane (us-east-1b); EKS needs two. Choose another region.",
    ]);
  });

  it("may include one that takes no control plane", () => {
    expect(surroundingsLines(virginia, { zones: [excluded, first, second], offerings })).toEqual([]);
  });

  const types = { default: { instanceTypes: ["m7i.large", "p5.48xlarge"] } };
  const apart = { "eu-west-1a": ["m7i.large"], "eu-west-1b": ["p5.48xlarge"] };

  it("have to offer the types when they are named", () => {
    expect(
      surroundingsLines({ network: { nodeZones: ["eu-west-1a"] }, nodePools: types }, { offerings: apart }),
    ).toEqual([
      "nodePools.default.instanceTypes[1]: eu-west-1a does not offer p5.48xlarge; nodes start in eu-west-1a. Use another type, or a zone that offers it (eu-west-1b).",
    ]);
  });

  it("have to offer the types together when none is named", () => {
    expect(surroundingsLines({ nodePools: types }, { offerings: apart })).toEqual([
      "nodePools: no zone of eu-west-1 offers m7i.large and p5.48xlarge together; every node zone must offer every type. Choose types that one zone offers.",
    ]);
  });

  it("are searched for one that offers the types", () => {
    const third = { ...apart, "eu-west-1c": ["p5.48xlarge", "m7i.large"] };

    expect(surroundingsLines({ nodePools: types }, { offerings: third })).toEqual([]);
  });
});

describe("releases that were looked up", () => {
  const old = { calico: { version: "3.31.2" } };

  it("are refused when Calico cannot use their kernel", () => {
    expect(surroundingsLines(old)).toEqual([
      "nodePools.default.release: 1.35.6-20260714 has kernel 6.12.94, on which the connect-time load balancer's program calico_sendmsg_v46 does not load (projectcalico/calico#11379); calico.version is 3.31.2, and the fix came with 3.30.5, 3.31.3 and 3.32.0. Choose a Calico release with the fix, and upgrade Calico together with the AMI release.",
    ]);
  });

  it("count as the newest kernel of their series when they are in no table", () => {
    expect(
      surroundingsLines(old, { pools: released(settings(old).nodePools, { default: "1.35.9-20261101" }) })[0],
    ).toContain("1.35.9-20261101 has kernel 6.12, on which");
  });

  it("are left to the check of the settings when they are pinned", () => {
    expect(surroundingsLines({ ...old, nodePools: { default: { release: "1.35.6-20260714" } } })).toEqual([]);
  });

  it("are accepted under Iptables, which loads no programs", () => {
    expect(surroundingsLines({ calico: { version: "3.31.2", dataplane: "Iptables" } })).toEqual([]);
  });
});
