import { describe, expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { converges, leavesNothing } from "../../rehearsal/faults/convergence.ts";
import { failedNodeGroups, replaceFailedNodeGroups } from "../../rehearsal/faults/recovery.ts";
import { devLife, everywhere, hit, ownResources, untilSuccess } from "./devStack.ts";

describe("The dev stack converges", () => {
  it("after the creation, the reading and the deletion of every resource failed once", async () => {
    const life = await devLife();
    const { engine, injector } = life;

    injector.add(everywhere("create", "error"));
    const failedUps = await untilSuccess(() => engine.up());
    // A node group starts when all that its nodes wait for is submitted, so that none fails with the operator.
    expect(failedNodeGroups(life.world)).toEqual([]);
    expect(broken(await converges(life))).toEqual([]);
    const { custom, deletable } = await ownResources(life);
    expect(hit(life, "create")).toEqual(custom);
    expect(failedUps).toBeGreaterThan(0);

    injector.add(everywhere("read", "error"));
    await untilSuccess(() => engine.refresh());
    expect(hit(life, "read")).toEqual(custom);
    expect(broken(await converges(life))).toEqual([]);

    injector.add(everywhere("delete", "error"));
    await untilSuccess(() => engine.destroy());
    expect(broken(await leavesNothing(life))).toEqual([]);
    // What is in the cluster goes with it.
    expect(hit(life, "delete")).toEqual(deletable);
  });

  it("after calls hung until they timed out, or their answers were lost", async () => {
    const life = await devLife();
    const { engine, injector } = life;

    injector.add(everywhere("create", "stall"));
    await untilSuccess(() => engine.up());
    await replaceFailedNodeGroups(life);
    expect(broken(await converges(life))).toEqual([]);

    const { custom, deletable } = await ownResources(life);
    expect(hit(life, "create")).toEqual(custom);

    injector.add(everywhere("read", "stall"), everywhere("delete", "lost"));
    await untilSuccess(() => engine.refresh());
    await untilSuccess(() => engine.destroy());
    expect(broken(await leavesNothing(life))).toEqual([]);
    expect(hit(life, "read")).toEqual(custom);
    expect(hit(life, "delete")).toEqual(deletable);
  });
});

it("A doubled VPC is seen, when the answer to its creation was lost", async () => {
  const life = await devLife();
  life.injector.add({ target: "Vpc", operation: "create", kind: "lost", when: "once" });
  await untilSuccess(() => life.engine.up());

  const problems = broken(await converges(life));
  expect(problems).toEqual([
    expect.stringMatching(/^failed: nothing is duplicated: .*:Vpc::\S+: vpc-\w+, vpc-\w+$/),
    expect.stringMatching(/^failed: nothing is lost: .*: vpc-\w+ is not in the state$/),
  ]);
});
