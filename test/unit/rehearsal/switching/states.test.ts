import { describe, expect, it } from "vitest";
import { stackSettings } from "../../../../infra/commands/shared/stackSettings.ts";
import { configOf, nameOfState, roundTrip, switchStates } from "../../../rehearsal/switching/states.ts";

describe("the states between which a cluster can be switched", () => {
  it("are the seven that the settings allow", () => {
    const config = { "calico-ebpf-eks:cluster": { publicAccessCidrs: [] }, "aws:region": "eu-west-1" };
    const all = (["BPF", "Iptables"] as const).flatMap((dataplane) =>
      (["DSR", "Tunnel"] as const).flatMap((externalService) =>
        (["Absent", "Parked", "Running"] as const).map((kubeProxy) => ({
          dataplane,
          externalService,
          kubeProxy,
        })),
      ),
    );
    const isAllowed = (state: (typeof all)[number]) => {
      try {
        stackSettings({ name: "dev", file: "a test", config: configOf(state, config) });
        return true;
      } catch {
        return false;
      }
    };

    expect(all.filter(isAllowed).map(nameOfState)).toEqual(switchStates.map(nameOfState));
    expect(switchStates).toHaveLength(7);
  });

  it("leave the stack's other settings of Calico", () => {
    const [first] = switchStates;
    if (first === undefined) throw new Error("no state");

    expect(configOf(first, { "aws:region": "eu-west-1", "calico-ebpf-eks:calico": { mtu: 1440 } })).toEqual({
      "aws:region": "eu-west-1",
      "calico-ebpf-eks:calico": { mtu: 1440, dataplane: "BPF", externalService: "DSR" },
      "calico-ebpf-eks:kubeProxy": "Absent",
    });
  });
});

describe("a round trip", () => {
  it.each([2, 3, 7])("takes every way between %i places once, and ends where it began", (count) => {
    const places = Array.from({ length: count }, (_, index) => index);
    const trip = roundTrip(places);
    const ways = trip.slice(1).map((to, index) => `${trip[index]} → ${to}`);

    expect(ways).toHaveLength(count * (count - 1));
    expect(new Set(ways).size).toBe(ways.length);
    expect(trip.at(-1)).toBe(trip[0]);
    expect(ways.filter((way) => /^(\d+) → \1$/.test(way))).toEqual([]);
  });
});
