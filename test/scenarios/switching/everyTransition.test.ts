import { describe, expect, it } from "vitest";
import { roundTrip, type SwitchState } from "../../rehearsal/switching/states.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { switchedStack } from "./switchedStack.ts";
import { type Seen, transition } from "./transition.ts";

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
    const wrong = seen.flatMap(({ transition: name, problems }) => problems.map((one) => `${name}: ${one}`));
    expect(wrong).toEqual([]);

    await stack.engine.refresh();
    await stack.engine.destroy();
  });
});
