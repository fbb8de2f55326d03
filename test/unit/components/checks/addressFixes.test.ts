import fc from "fast-check";
import { expect, it } from "vitest";
import { addressProblems } from "../../../../components/checks/addresses.ts";
import { vpcProblems } from "../../../../components/checks/nodeSubnets.ts";
import type { Settings } from "../../../../components/settings/settings.ts";
import type { Problem } from "../../../../components/values/problem.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const problemsOf = (settings: Settings) => [...addressProblems(settings), ...vpcProblems(settings)];

const vpcBases = ["10.40.0.0", "192.168.0.0", "172.20.0.0", "10.0.0.0", "11.0.0.0"];
const podBases = ["192.168.0.0", "10.244.0.0", "10.40.0.0", "172.20.0.0", "100.64.0.0", "169.254.0.0"];
const services = [
  "172.20.0.0/16",
  "10.100.0.0/16",
  "10.40.0.0/16",
  "10.0.0.0/12",
  "192.168.0.0/25",
  "8.0.0.0/16",
];

const pool = fc.record({
  size: fc.integer({ min: 1, max: 1000 }).map((max) => ({ min: 1, desired: 1, max })),
  maxPods: fc.integer({ min: 4, max: 250 }),
  instanceTypes: fc.constant(["m7i.8xlarge"]),
});

const zones = fc.constantFrom(
  ["eu-west-1a"],
  ["eu-west-1a", "eu-west-1b"],
  ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
);

/** Networks, pools and Calico's addresses, few of which fit together. */
const changes: fc.Arbitrary<SettingsChange> = fc.record({
  network: fc.record({
    vpcCidr: cidrs(vpcBases, 14, 26),
    nodePrefix: fc.integer({ min: 16, max: 28 }),
    nodeZones: zones,
  }),
  cluster: fc.record({ serviceCidr: fc.constantFrom(...services) }),
  calico: fc.record({
    externalService: fc.constant("Tunnel" as const),
    encapsulation: fc.constantFrom("VXLAN" as const, "None" as const),
    podCidr: cidrs(podBases, 12, 30),
    blockSize: fc.integer({ min: 20, max: 32 }),
    dsrOptOutCidrs: fc.constantFrom([], ["10.0.0.0/8"], ["10.128.0.0/24"], ["192.168.7.0/24"]),
  }),
  nodePools: fc.oneof(fc.record({ a: pool }), fc.record({ a: pool, b: pool })),
});

function cidrs(bases: readonly string[], shortest: number, longest: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.integer({ min: shortest, max: longest }))
    .map(([base, prefix]) => `${start(base, prefix)}/${prefix}`);
}

function start(base: string, prefix: number): string {
  const [a = 0, b = 0] = base.split(".").map(Number);
  return `${a}.${prefix < 16 ? b - (b % 2 ** (16 - prefix)) : b}.0.0`;
}

/** The settings after each change that the problem proposes, one at a time. */
function followed({ path, fix }: Problem, before: Settings): [string, Settings][] {
  const { network, calico, cluster } = before;
  const found = (pattern: RegExp) => pattern.exec(fix)?.slice(1) ?? [];
  const [prefix] = found(/(?<!and |with )nodePrefix: (\d+)/);
  const [vpcCidr, withPrefix = network.nodePrefix] = found(/vpcCidr: ([\d./]+)(?: and nodePrefix: (\d+))?/);
  const [podCidr] = found(/podCidr: ([\d./]+\/\d+)/);
  const [blockSize] = found(/blockSize: (\d+)/);
  const [maxPods] = found(/maxPods: (\d+)/);
  const [other, otherPrefix = network.nodePrefix] = found(
    /(?:such as|like) ([\d.]+\/\d+)(?: with nodePrefix: (\d+))?/,
  );
  const ways: [string | undefined, () => Partial<Settings>][] = [
    [prefix, () => ({ network: { ...network, nodePrefix: Number(prefix) } })],
    [vpcCidr, () => ({ network: { ...network, vpcCidr: String(vpcCidr), nodePrefix: Number(withPrefix) } })],
    [podCidr, () => ({ calico: { ...calico, podCidr: String(podCidr) } })],
    [blockSize, () => ({ calico: { ...calico, blockSize: Number(blockSize) } })],
    [maxPods, () => pools(before, (one) => ({ ...one, maxPods: Math.min(one.maxPods, Number(maxPods)) }))],
    [
      /max of the pools|(?<!^L)ower the pools' max$/.exec(fix)?.[0],
      () => pools(before, (one) => ({ ...one, size: { min: 1, desired: 1, max: 1 } })),
    ],
    [
      other,
      () =>
        ({
          "network.vpcCidr": {
            network: { ...network, vpcCidr: String(other), nodePrefix: Number(otherPrefix) },
          },
          "cluster.serviceCidr": { cluster: { ...cluster, serviceCidr: String(other) } },
          "calico.podCidr": { calico: { ...calico, podCidr: String(other) } },
        })[path] ?? {},
    ],
  ];
  return ways.flatMap(([said, change]) =>
    said === undefined ? [] : [[said, { ...before, ...change() }] as [string, Settings]],
  );
}

function pools(before: Settings, change: (pool: Settings["nodePools"][string]) => object): Partial<Settings> {
  const entries = Object.entries(before.nodePools).map(([name, one]) => [name, change(one)]);
  return { nodePools: Object.fromEntries(entries) };
}

/** What a problem is about, whatever its numbers. */
function kind({ path, needs }: Problem): string {
  // Too few blocks and too few addresses are both too small a range.
  if (path === "calico.podCidr" && needs.includes("during updates")) return `${path}: no room`;
  return `${path}: ${needs.replace(/\d[\d./]*/g, "#")}`;
}

it("a change that a problem of addresses proposes solves it, and makes no other one", () => {
  const followedKinds = new Set<string>();
  fc.assert(
    fc.property(changes, (change) => {
      const before = settings(change);
      const problems = problemsOf(before);
      const known = problems.map(kind);
      for (const problem of problems) {
        for (const [said, after] of followed(problem, before)) {
          followedKinds.add(kind(problem));
          const left = problemsOf(after).map(kind);
          expect(left, `${problem.fix}: ${said}`).not.toContain(kind(problem));
          expect(left.filter((one) => !known.includes(one))).toEqual([]);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(followedKinds.size).toBeGreaterThan(7);
}, 60_000);
