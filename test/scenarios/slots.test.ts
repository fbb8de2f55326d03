import { expect, it } from "vitest";
import { rehearsed, smallCluster } from "./rehearsed.ts";
import { inTheOldOrder } from "./tampering.ts";

/** A stack with more pools than an engine has slots. */
const pools = (count: number) => ({
  ...smallCluster,
  "calico-ebpf-eks:nodePools": Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `pool${index + 1}`,
      { size: { min: 1, desired: 1, max: 1 } },
    ]),
  ),
});

it.each([1, 2, 4])("nine pools come up and go with %i slots of the engine", async (parallel) => {
  const { problems, leftBehind, resources } = await rehearsed({
    config: pools(9),
    parallel,
    until: "destroy",
  });

  expect(problems).toEqual([]);
  expect(leftBehind).toEqual([]);
  expect(resources.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")).toHaveLength(9);
});

it.each([
  { count: 1, parallel: 1 },
  { count: 4, parallel: 4 },
])(
  "node groups that do not wait for the Installation take all $parallel slots",
  async ({ count, parallel }) => {
    const { problems } = await rehearsed({ config: pools(count), parallel, tampering: inTheOldOrder() });

    // Of a single slot either takes hold, and waits for the other.
    expect(problems.join("\n")).toMatch(
      parallel === 1
        ? /NodeCreationFailure|'tigera-operator' timed out waiting to be Ready/
        : /NodeCreationFailure: Unhealthy nodes in the kubernetes cluster/,
    );
  },
);

it("node groups that leave a slot free come up in the old order, too", async () => {
  const { problems } = await rehearsed({ config: pools(2), parallel: 4, tampering: inTheOldOrder() });

  expect(problems).toEqual([]);
});
