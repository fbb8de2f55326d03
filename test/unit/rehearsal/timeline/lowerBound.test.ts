import { describe, expect, it } from "vitest";
import { upSchedule } from "../../../rehearsal/timeline/estimate.ts";
import { type BoundSettings, compare, lowerBound } from "../../../rehearsal/timeline/lowerBound.ts";
import { criticalPath, type Scheduled } from "../../../rehearsal/timeline/schedule.ts";
import { settings } from "../../../support/settings.ts";
import { resource, stack, urnOf } from "./resources.ts";

const cheap = settings({ cluster: { secretsKey: "aws-owned" } });
const existing = {
  vpcId: "vpc-00000001",
  controlPlaneSubnetIds: ["subnet-00000001", "subnet-00000002"],
  nodeSubnetIds: ["subnet-00000003"],
};

/** A critical path of events that follow one another. */
function path(...events: readonly (readonly [id: string, seconds: number])[]): Scheduled[] {
  let startSeconds = 0;
  return events.map(([id, seconds]) => {
    const event = {
      id,
      after: [],
      seconds,
      startSeconds,
      endSeconds: startSeconds + seconds,
      heldBy: undefined,
    };
    startSeconds = event.endSeconds;
    return event;
  });
}

const nodeGroup = urnOf("aws:eks/nodeGroup:NodeGroup", "nodes");

/** As long as AWS and Calico make it, and not a second longer. */
const forcedPath = [
  [urnOf("aws:ec2/vpc:Vpc", "vpc"), 13],
  [urnOf("aws:ec2/subnet:Subnet", "subnet"), 1],
  [urnOf("aws:eks/cluster:Cluster", "cluster"), 600],
  [`${nodeGroup}#first node joins`, 75],
  [`${urnOf("kubernetes:apps/v1:Deployment", "chart:tigera-operator/tigera-operator")}#runs`, 25],
  [`${nodeGroup}#nodes Ready`, 30],
  [urnOf("aws:eks/addon:Addon", "coredns"), 20],
] as const;

describe("the lower bound of the time to ready", () => {
  it("is the longest chain that AWS and Calico force", () => {
    const { chain, seconds } = lowerBound(cheap);

    expect(chain.map(({ id, seconds: takes }) => [id, takes])).toEqual([
      ["aws:ec2/vpc:Vpc", 13],
      ["aws:ec2/subnet:Subnet", 1],
      ["aws:eks/cluster:Cluster", 600],
      ["aws:eks/nodeGroup:NodeGroup#first node joins", 75],
      ["kubernetes:apps/v1:Deployment#runs", 25],
      ["aws:eks/nodeGroup:NodeGroup#nodes Ready", 30],
      ["aws:eks/addon:Addon", 20],
    ]);
    expect(seconds).toBe(764);
  });

  it.each<{ what: string; change: BoundSettings; seconds: number; first: string }>([
    {
      what: "a key of its own, which takes longer than the network",
      change: settings({ cluster: { secretsKey: "create" } }),
      seconds: 772,
      first: "aws:kms/key:Key",
    },
    {
      what: "a key that is there already",
      change: settings({
        cluster: {
          secretsKey: "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555",
        },
      }),
      seconds: 764,
      first: "aws:ec2/vpc:Vpc",
    },
    {
      what: "a network that is there already, so that the role comes first",
      change: settings({ cluster: { secretsKey: "aws-owned" }, network: { existing } }),
      seconds: 753,
      first: "aws:iam/role:Role",
    },
    {
      what: "no NAT gateway, which was ready long before the cluster",
      change: settings({ cluster: { secretsKey: "aws-owned" }, network: { natGateway: false } }),
      seconds: 764,
      first: "aws:ec2/vpc:Vpc",
    },
  ])("follows the settings: $what", ({ change, seconds, first }) => {
    const bound = lowerBound(change);

    expect(bound.seconds).toBe(seconds);
    expect(bound.chain[0]?.id).toBe(first);
  });
});

describe("a critical path beside its bound", () => {
  it("has nothing to explain where everything is forced", () => {
    expect(compare(path(...forcedPath), lowerBound(cheap))).toMatchObject({
      seconds: 764,
      ratio: 1,
      differences: [],
    });
  });

  it("names a step that nobody forces, and what waits for it", () => {
    const felix = urnOf("kubernetes:crd.projectcalico.org/v1:FelixConfiguration", "felix");
    const [before, after] = [forcedPath.slice(0, 5), forcedPath.slice(5)];
    const { differences, ratio } = compare(path(...before, [felix, 9], ...after), lowerBound(cheap));

    expect(differences).toEqual([
      { id: felix, seconds: 9, kind: "not forced", waitsForIt: forcedPath[5][0] },
    ]);
    expect(ratio).toBeCloseTo(774 / 764);
  });

  it("tells a forced step that could run beside the chain from one that nobody forces", () => {
    const last = [nodeGroup, 15] as const;
    const { differences } = compare(
      path(...forcedPath.slice(0, 6), last, ...forcedPath.slice(6)),
      lowerBound(cheap),
    );

    expect(differences).toEqual([
      { id: nodeGroup, seconds: 15, kind: "beside the chain", waitsForIt: forcedPath[6][0] },
    ]);
  });

  it("counts a second node group that waits for the first", () => {
    const later = urnOf("aws:eks/nodeGroup:NodeGroup", "later");
    const { differences } = compare(
      path(...forcedPath, [`${later}#first node joins`, 75]),
      lowerBound(cheap),
    );

    expect(differences).toEqual([
      { id: `${later}#first node joins`, seconds: 75, kind: "beside the chain", waitsForIt: undefined },
    ]);
  });

  it("takes only the operator's Deployment for the operator", () => {
    const other = urnOf("kubernetes:apps/v1:Deployment", "web");
    const { differences } = compare(path(...forcedPath, [other, 5]), lowerBound(cheap));

    expect(differences).toEqual([{ id: other, seconds: 5, kind: "not forced", waitsForIt: undefined }]);
  });

  it("owns up to a forced step that the path has not, or has shorter", () => {
    const [[vpc], , ...others] = forcedPath;
    const { differences } = compare(path([vpc, 10], ...others), lowerBound(cheap));

    expect(differences).toEqual([
      { id: vpc, seconds: -3, kind: "beside the chain", waitsForIt: others[0][0] },
      { id: "aws:ec2/subnet:Subnet", seconds: -1, kind: "only in the bound", waitsForIt: undefined },
    ]);
  });

  it.each([
    { what: "of a whole stack", resources: stack() },
    { what: "of a VPC alone", resources: [resource("aws:ec2/vpc:Vpc", "vpc")] },
    { what: "of nothing", resources: [] },
  ])("is explained to the second: $what", ({ resources }) => {
    const bound = lowerBound(cheap);
    const { seconds, differences } = compare(criticalPath(upSchedule(resources)), bound);

    expect(differences.reduce((sum, one) => sum + one.seconds, 0)).toBe(seconds - bound.seconds);
  });
});
