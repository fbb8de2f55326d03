/** FelixConfiguration that counts for every node, as the operator stores it. */
export const felixName = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
} as const;

export const calicoNodeName = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "calico-node", namespace: "calico-system" },
} as const;
