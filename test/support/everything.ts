/** Settings, by key of the stack file, that switch on everything that a cluster can have on top of its data path. */
export const everything: Readonly<Record<string, unknown>> = {
  "calico-ebpf-eks:loadBalancers": true,
  "calico-ebpf-eks:metrics": true,
  "calico-ebpf-eks:autoscaling": "Karpenter",
  "calico-ebpf-eks:storage": { ebs: true },
  "calico-ebpf-eks:nodeFirewall": { fromControlPlane: [{ for: "cert-manager" }] },
  "calico-ebpf-eks:networkPolicies": { defaultDeny: ["shop"], allowPodIdentity: true },
  "calico-ebpf-eks:addons": { "snapshot-controller": {} },
  "calico-ebpf-eks:podIdentities": {
    orders: {
      namespace: "shop",
      serviceAccount: "orders",
      statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
    },
  },
};
