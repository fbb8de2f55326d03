import type { Problem } from "../values/problem.ts";

type Written = Readonly<Record<string, unknown>>;

/** Settings under `calico` that are about addresses that Calico assigns, and what decides instead. */
const ofCalicoCni = {
  podCidr: "pods get addresses of the node subnets",
  blockSize: "the AWS VPC CNI gives nodes their addresses, in prefixes of /28",
  encapsulation: "the VPC itself carries packets between pods",
  mtu: "the AWS VPC CNI decides it: 9001 bytes, the VPC's own",
} as const;

/**
 * The stack file with the defaults that another CNI changes: with AmazonVPC, replies to clients of NodePorts go back through
 * the first node.
 */
export function withCniDefaults(written: Written): Written {
  const calico = calicoOf(written);
  if (calico?.["cni"] !== "AmazonVPC") return written;
  return { ...written, calico: { externalService: "Tunnel", ...calico } };
}

/** Settings in the stack file that do nothing with the AWS VPC CNI; their defaults are no problem. */
export function withoutEffect(written: Written): Problem[] {
  const calico = calicoOf(written);
  if (calico?.["cni"] !== "AmazonVPC") return [];
  return Object.entries(ofCalicoCni)
    .filter(([key]) => key in calico)
    .map(([key, instead]) => ({
      path: `calico.${key}`,
      found: "has no effect with calico.cni: AmazonVPC",
      needs: instead,
      fix: "Remove it",
    }));
}

function calicoOf({ calico }: Written): Written | undefined {
  return typeof calico === "object" && calico !== null ? (calico as Written) : undefined;
}
