import { podIdentityAddress } from "./addons.ts";

/** Port of the API server's network interfaces in the control-plane subnets. */
const apiServerPort = 443;

const dnsPort = 53;

/**
 * Spec of a NetworkPolicy with which every pod of its namespace reaches DNS and the API server. It selects the pods for
 * egress, so that all other egress is denied from then on: everything that should stay open must be in this one policy. The API
 * server is matched by address, because Calico applies policy after the service's address has been translated.
 * @param apiServerCidrs blocks of the control-plane subnets; AWS changes the addresses in them
 * @param allowPodIdentity whether pods reach the agent of EKS Pod Identity on their own node, too
 */
export function allowDnsAndApiServer(apiServerCidrs: readonly string[], allowPodIdentity = false) {
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            // CoreDNS still has the label of what it replaced.
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: dnsPort },
          { protocol: "TCP", port: dnsPort },
        ],
      },
      {
        to: apiServerCidrs.map((cidr) => ({ ipBlock: { cidr } })),
        ports: [{ protocol: "TCP", port: apiServerPort }],
      },
      ...(allowPodIdentity
        ? [
            {
              to: [{ ipBlock: { cidr: `${podIdentityAddress}/32` } }],
              ports: [{ protocol: "TCP", port: 80 }],
            },
          ]
        : []),
    ],
  };
}

/**
 * Spec of a NetworkPolicy that allows nothing. The pod's own node still reaches it, and so do the kubelet's
 * probes (projectcalico/calico felix/bpf-gpl/tc.c, "Packet is from the host").
 */
export function denyByDefault() {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}
