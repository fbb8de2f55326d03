import { type AddonEvent, environmentIn } from "../kubernetes/addons.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";

const metadata = { name: "aws-node", namespace: "kube-system" };
const registry = "602401143452.dkr.ecr.eu-west-1.amazonaws.com";

/** What the add-on sets by itself, of that which its programs take otherwise to be off. */
const defaults = {
  AWS_VPC_CNI_NODE_PORT_SUPPORT: "true",
  AWS_VPC_K8S_CNI_LOG_FILE: "stdout",
  AWS_VPC_K8S_CNI_RANDOMIZESNAT: "prng",
  ENABLE_IPv4: "true",
  WARM_ENI_TARGET: "1",
  WARM_PREFIX_TARGET: "1",
};

/** Where the webhook of Pod Identity mounts a pod's token, and where the agent is (EKS user guide, pod-id-how-it-works). */
const tokenFolder = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
const podIdentity = {
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${tokenFolder}/eks-pod-identity-token`,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
};

/**
 * The part of EKS's VPC CNI add-on that gives pods their addresses (aws/amazon-vpc-cni-k8s charts/aws-vpc-cni), with what
 * the webhook of Pod Identity adds. Its agent for AWS's own network policies is not there: they stay off.
 */
export function awsNode({ configuration, version }: AddonEvent): KubernetesObject[] {
  const labels = { "k8s-app": "aws-node" };
  const configured = environmentIn(configuration).map(({ name, value }) => [name, value]);
  const env = { ...defaults, ...podIdentity, ...Object.fromEntries(configured) };
  const hostPath = (name: string, path: string) => ({ name, hostPath: { path } });
  const probe = {
    exec: { command: ["/app/grpc-health-probe", "-addr=:50051"] },
    timeoutSeconds: 10,
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "aws-node" },
      rules: [
        rule("crd.k8s.amazonaws.com", ["eniconfigs"]),
        rule("", ["namespaces", "nodes"]),
        rule("", ["pods"], ["patch"]),
        rule("", ["events"], ["create", "patch"]),
        rule("events.k8s.io", ["events"], ["create", "patch"]),
        rule("vpcresources.k8s.aws", ["cninodes"], ["patch"]),
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "aws-node" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "aws-node" },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { ...metadata, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            serviceAccountName: "aws-node",
            terminationGracePeriodSeconds: 10,
            tolerations: [{ operator: "Exists" }],
            initContainers: [
              {
                name: "aws-vpc-cni-init",
                image: `${registry}/amazon-k8s-cni-init:${version}`,
                volumeMounts: [{ name: "cni-bin-dir", mountPath: "/host/opt/cni/bin" }],
              },
            ],
            containers: [
              {
                name: "aws-node",
                image: `${registry}/amazon-k8s-cni:${version}`,
                env: [
                  ...Object.entries(env).map(([name, value]) => ({ name, value })),
                  { name: "MY_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                  { name: "MY_POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                ],
                securityContext: { capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
                livenessProbe: { ...probe, initialDelaySeconds: 60 },
                readinessProbe: { ...probe, initialDelaySeconds: 1 },
                volumeMounts: [
                  { name: "cni-bin-dir", mountPath: "/host/opt/cni/bin" },
                  { name: "cni-net-dir", mountPath: "/host/etc/cni/net.d" },
                  { name: "log-dir", mountPath: "/host/var/log/aws-routed-eni" },
                  { name: "run-dir", mountPath: "/var/run/aws-node" },
                  { name: "token", mountPath: tokenFolder, readOnly: true },
                ],
              },
            ],
            volumes: [
              hostPath("cni-bin-dir", "/opt/cni/bin"),
              hostPath("cni-net-dir", "/etc/cni/net.d"),
              hostPath("log-dir", "/var/log/aws-routed-eni"),
              hostPath("run-dir", "/var/run/aws-node"),
              {
                name: "token",
                projected: {
                  sources: [
                    {
                      serviceAccountToken: {
                        audience: "pods.eks.amazonaws.com",
                        path: "eks-pod-identity-token",
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    },
  ];
}

function rule(group: string, resources: readonly string[], more: readonly string[] = []) {
  return { apiGroups: [group], resources: [...resources], verbs: ["get", "list", "watch", ...more] };
}
