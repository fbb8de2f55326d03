import { expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { converges } from "../../rehearsal/faults/convergence.ts";
import { interruptedUp } from "../../rehearsal/faults/interruption.ts";
import { Walk } from "../../rehearsal/faults/walk.ts";
import { watchUnserved } from "../../rehearsal/switching/judgement.ts";
import { configOf, nameOfState, type SwitchState } from "../../rehearsal/switching/states.ts";
import { devConfig, devLife, devSettings } from "../faults/devStack.ts";

const onBpf: SwitchState = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" };
const parked: SwitchState = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Parked" };
const onIptables: SwitchState = { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" };

const ways = [
  [onBpf, onIptables],
  [onIptables, onBpf],
  [parked, onIptables],
  [onIptables, parked],
] as const;

it.each(ways.map(([from, to]) => ({ name: `${nameOfState(from)} → ${nameOfState(to)}`, from, to })))(
  "$name, interrupted at the end of every step, is finished by the next up, with services served throughout",
  { timeout: 300_000 },
  async ({ from, to }) => {
    const life = await devLife();
    const { engine, world } = life;
    const config = configOf(to, devConfig());
    await engine.configure(configOf(from, devConfig()));
    await engine.up();
    const unserved = watchUnserved(world);

    await engine.configure(config);
    const walk = new Walk("has ended");
    let interruptions = 0;
    for (;;) {
      const { hit, failure } = await interruptedUp(life, "SIGINT", walk.next());
      if (!hit) expect(failure).toBeUndefined();
      if (failure === undefined) break;
      interruptions += 1;
    }

    // FelixConfiguration, kube-proxy or the Installation, and both gates.
    expect(interruptions).toBeGreaterThan(3);
    expect(broken(await converges({ ...life, settings: devSettings(config) }))).toEqual([]);
    expect([...unserved]).toEqual([]);
  },
);
