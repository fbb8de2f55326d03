import { judge } from "../../rehearsal/switching/judgement.ts";
import { nameOfState, type SwitchState } from "../../rehearsal/switching/states.ts";
import { type SwitchedStack, steps } from "./switchedStack.ts";

/** What one `up` from one state to another did. */
export interface Seen {
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

/** Takes a stack that is up from one state to another, and looks at what happened meanwhile. */
export async function transition(stack: SwitchedStack, from: SwitchState, to: SwitchState): Promise<Seen> {
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
