/**
 * Pods whose readiness the fakes for the operator, for Felix, for the VPC CNI and for the EBS CSI driver decide, by their
 * label `k8s-app`; kwok makes every other pod ready as soon as it has a node.
 */
export const heldApps = ["tigera-operator", "calico-node", "aws-node", "ebs-csi-controller"] as const;

const pending = { key: ".status.phase", operator: "In", values: ["Pending"] };
const notReady = {
  key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
  operator: "In",
  values: ["False"],
};

/** How kwok plays pods. Nodes are written by this rehearsal itself: their state follows the simulated instances. */
export const stages = [
  stage("node-untouched", "Node", [{ key: '.metadata.annotations["rehearsal/never"]', operator: "Exists" }], {
    statusTemplate: "",
  }),
  podRuns("pod-ready", "NotIn", "True", pending),
  podRuns("pod-held", "In", "False", pending),
  // Of a node that has just become Ready, the node controller may still say of its pods that they are not. A kubelet
  // would say otherwise at once.
  podRuns("pod-ready-again", "NotIn", "True", notReady),
  stage("pod-delete", "Pod", [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], { delete: true }),
].join("---\n");

function podRuns(name: string, operator: "In" | "NotIn", ready: "True" | "False", when: object): string {
  const statusTemplate = `
{{ $now := Now }}
phase: Running
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ if .spec.hostNetwork }}{{ NodeIPWith .spec.nodeName | Quote }}{{ else }}{{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}{{ end }}
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "PodReadyToStartContainers" "Initialized" "PodScheduled" }}
- { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
- { type: Ready, status: "${ready}", lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "${ready}", lastTransitionTime: {{ $now | Quote }} }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: ${ready.toLowerCase()}
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
`;
  return stage(
    name,
    "Pod",
    [
      { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
      when,
      { key: '.metadata.labels["k8s-app"]', operator, values: heldApps },
    ],
    { statusTemplate },
  );
}

/** One stage as kwok reads it; JSON is YAML. */
function stage(name: string, kind: "Node" | "Pod", matchExpressions: object[], next: object): string {
  return `${JSON.stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, next },
  })}\n`;
}
