// The one place where calico-node 3.28.5 and an operator that renders for a later release are bridged.

/**
 * What every calico-node writes into FelixConfiguration at its first start, where it is missing (projectcalico/calico
 * node/pkg/lifecycle/startup). 3.28.5 would write the whole object back, without the fields that it does not know: what
 * is there already, it leaves alone.
 */
export const writtenAtStart = { logSeverityScreen: "Info", reportingInterval: "0s" } as const;

/**
 * What calico-node 3.28.5 needs on some kernels. From Linux 6.18 on the kernel refuses its connect-time balancer, whose programs of three kinds share one
 * array, and Felix ends in a loop; later releases need nothing.
 * @param kernel what `uname -r` prints
 */
export function skewOf(kernel: string): Readonly<Record<string, string>> {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const refuses = major > 6 || (major === 6 && minor >= 18);
  return refuses ? { FELIX_BPFCONNECTTIMELOADBALANCING: "Disabled" } : {};
}
