/** A valid combination of the three settings that decide what handles service traffic. */
export interface SwitchState {
  readonly dataplane: "BPF" | "Iptables";
  readonly externalService: "DSR" | "Tunnel";
  readonly kubeProxy: "Absent" | "Parked" | "Running";
}

/** Every valid state. Iptables needs kube-proxy on every node, and has no DSR. */
export const switchStates: readonly SwitchState[] = [
  ...(["DSR", "Tunnel"] as const).flatMap((externalService) =>
    (["Absent", "Parked", "Running"] as const).map((kubeProxy) => ({
      dataplane: "BPF" as const,
      externalService,
      kubeProxy,
    })),
  ),
  { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" },
];

/** `BPF, DSR, Absent` */
export function nameOfState({ dataplane, externalService, kubeProxy }: SwitchState): string {
  return `${dataplane}, ${externalService}, ${kubeProxy}`;
}

/** Configuration keys of a state, over those of a stack; the stack's other settings of Calico stay. */
export function configOf(
  { dataplane, externalService, kubeProxy }: SwitchState,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const calico = config["calico-ebpf-eks:calico"] as object | undefined;
  return {
    ...config,
    "calico-ebpf-eks:calico": { ...calico, dataplane, externalService },
    "calico-ebpf-eks:kubeProxy": kubeProxy,
  };
}

/**
 * A round trip that uses every edge from one place to another exactly once: in a complete graph one always exists
 * (Hierholzer: walk until stuck, then insert further rounds where something is left).
 * @returns n·(n-1)+1 places, the first again at the end
 */
export function roundTrip<Place>(places: readonly Place[]): Place[] {
  const left = new Map(places.map((from) => [from, places.filter((to) => to !== from)]));
  const open = places.slice(0, 1);
  const trip: Place[] = [];
  while (open.length > 0) {
    const here = open.at(-1) as Place;
    const next = left.get(here)?.pop();
    if (next === undefined) trip.push(...open.splice(-1));
    else open.push(next);
  }
  return trip.toReversed();
}
