import { describe, expect, it } from "vitest";
import { judge } from "../../rehearsal/switching/judgement.ts";
import { nameOfState, roundTrip, type SwitchState } from "../../rehearsal/switching/states.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { type SwitchedStack, steps, switchedStack } from "./switchedStack.ts";

/** What one `up` from one state to another did. */
interface Seen {
  readonly transition: string;
  readonly problems: readonly string[];
}

/**
 * Felix removes the rules of a kube-proxy that still runs: until it is parked or its add-on deleted, and until a new
 * add-on is parked. From Parked to Absent it never runs.
 */
function mayFight(from: SwitchState, to: SwitchState): boolean {
  const ways = ["Running → Parked", "Running → Absent", "Absent → Parked"];
  return to.dataplane === "BPF" && ways.includes(`${from.kubeProxy} → ${to.kubeProxy}`);
}

async function transition(stack: SwitchedStack, from: SwitchState, to: SwitchState): Promise<Seen> {
  const { engine, world } = stack;
  const since = stack.version();
  await stack.configure(to);
  const done = await steps((onEvent) => engine.up(onEvent));
  const until = stack.version();
  const again = await steps((onEvent) => engine.preview(onEvent));

  const { unserved, lastFight, coreDnsRolls, lastRoll } = judge(stack.moments(), since, until);
  const switched = from.dataplane !== to.dataplane;
  const reports = world.kubernetes.reports();
  const problems = [
    ...unserved.map((node) => `neither eBPF nor kube-proxy served on ${node}`),
    ...(lastFight !== undefined && !mayFight(from, to) ? ["Felix and kube-proxy fought"] : []),
    // On the way to Absent the engine deletes last.
    ...(lastFight !== undefined && to.kubeProxy === "Parked" && lastFight > (lastRoll ?? lastFight)
      ? ["Felix and kube-proxy still fought when CoreDNS was rolled"]
      : []),
    ...(coreDnsRolls === (switched ? 1 : 0) ? [] : [`CoreDNS was rolled ${coreDnsRolls} times`]),
    ...done.filter((step) => /replace/.test(step)).map((step) => `needless: ${step}`),
    ...again.map((step) => `a second preview: ${step}`),
    ...reports
      .filter(({ bpf }) => bpf !== (to.dataplane === "BPF"))
      .map(({ nodeName }) => `${nodeName}: wrong dataplane`),
    ...(world.kubernetes.kubeProxy() === to.kubeProxy
      ? []
      : [`kube-proxy is ${world.kubernetes.kubeProxy()}`]),
  ];
  return { transition: `${nameOfState(from)} → ${nameOfState(to)}`, problems };
}

/** Every kube-proxy, both service modes and both dataplanes, each with each: what else differs is a sum of these. */
const states: readonly SwitchState[] = [
  { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" },
  { dataplane: "BPF", externalService: "Tunnel", kubeProxy: "Parked" },
  { dataplane: "BPF", externalService: "DSR", kubeProxy: "Running" },
  { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" },
];

describe.skipIf(parts === undefined)(onRealParts, { timeout: 900_000 }, () => {
  it("every transition keeps services served, rolls CoreDNS only for a new dataplane, and replaces nothing", async () => {
    const trip = roundTrip(states);
    const [first, ...rest] = trip as [SwitchState, ...SwitchState[]];
    const stack = await switchedStack();
    await stack.configure(first);
    await stack.engine.up();

    const seen: Seen[] = [];
    let from = first;
    for (const to of rest) {
      seen.push(await transition(stack, from, to));
      from = to;
    }
    expect(seen).toHaveLength(12);
    expect(seen.filter(({ problems }) => problems.length > 0)).toEqual([]);

    await stack.engine.refresh();
    await stack.engine.destroy();
  });
});
