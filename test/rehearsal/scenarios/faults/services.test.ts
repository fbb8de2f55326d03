import { describe, expect, it } from "vitest";
import { broken } from "../../checks.ts";
import { converges, leavesNothing } from "../../faults/convergence.ts";
import type { Call } from "../../faults/interference.ts";
import { replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { typeOf } from "../../faults/state.ts";
import { devLife, ownResources, untilSuccess } from "./devStack.ts";

describe("The dev stack converges", () => {
  it("while AWS throttles a tenth of all calls, with no failure at all", async () => {
    const troubled: Call[] = [];
    const onTrouble = (call: Call) => void troubled.push(call);
    const life = await devLife({ weather: { throttledShare: 0.1, seed: "a tenth", onTrouble } });

    expect(broken(await converges(life))).toEqual([]);
    await life.engine.refresh();
    expect(broken(await leavesNothing(life))).toEqual([]);
    for (const operation of ["create", "read", "delete"]) {
      expect(troubled.filter((call) => call.operation === operation).length).toBeGreaterThan(0);
    }
  });

  it("after the API server was away for 20 s when it was first asked for each resource", async () => {
    const troubled: Call[] = [];
    const onTrouble = (call: Call) => void troubled.push(call);
    const life = await devLife({ weather: { apiServerAwaySeconds: 20, onTrouble } });
    const asked = (operation: Call["operation"]) =>
      new Set(troubled.filter((call) => call.operation === operation).map(({ subject }) => subject.urn));
    const inCluster = (urns: ReadonlySet<string>) =>
      new Set([...urns].filter((urn) => typeOf(urn).startsWith("kubernetes:")));

    await untilSuccess(() => life.engine.up());
    await replaceFailedNodeGroups(life);
    expect(broken(await converges(life))).toEqual([]);
    await untilSuccess(() => life.engine.refresh());
    expect(broken(await converges(life))).toEqual([]);

    const { custom, deletable } = await ownResources(life);
    await untilSuccess(() => life.engine.destroy());
    expect(broken(await leavesNothing(life))).toEqual([]);
    expect(asked("create")).toEqual(inCluster(custom));
    expect(asked("read")).toEqual(inCluster(custom));
    expect(asked("delete")).toEqual(inCluster(deletable));
  });
});
