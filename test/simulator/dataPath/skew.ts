/**
 * What calico-node 3.28.5 has to be told under an operator that renders for a later release: the one place where the two
 * are bridged. From Linux 6.18 on the kernel refuses its connect-time balancer, whose programs of three kinds share one
 * array, and Felix ends in a loop; later releases need nothing.
 * @param kernel what `uname -r` prints
 */
export function skewOf(kernel: string): Readonly<Record<string, string>> {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const refuses = major > 6 || (major === 6 && minor >= 18);
  return refuses ? { FELIX_BPFCONNECTTIMELOADBALANCING: "Disabled" } : {};
}
