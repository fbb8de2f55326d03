import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";

/** What the tests on packets configure Calico with. */
export interface CalicoSettings {
  readonly externalServiceMode: "Tunnel" | "DSR";
  readonly encapsulation?: "Always" | "CrossSubnet" | "Never";
  readonly awsSrcDstCheck?: "Disable" | "DoNothing";
  readonly bpfEnabled?: boolean;
  /** Host and port of the API server, as nodes name it. */
  readonly endpointHost: string;
}

const namespace = "calico-system";
const calicoApi = "crd.projectcalico.org/v1";

export const felixName = { apiVersion: calicoApi, kind: "FelixConfiguration", metadata: { name: "default" } };

/** The configuration of Felix that the program and the operator write between them. */
export function felixSpec(settings: CalicoSettings): object {
  return {
    awsSrcDstCheck: settings.awsSrcDstCheck ?? "Disable",
    bpfEnabled: settings.bpfEnabled ?? true,
    bpfExternalServiceMode: settings.externalServiceMode,
    bpfKubeProxyIptablesCleanupEnabled: true,
    healthPort: 9099,
    vxlanPort: 4789,
    vxlanVNI: 4096,
  };
}

export function ipPool(vxlanMode: "Always" | "CrossSubnet" | "Never"): KubernetesObject {
  return {
    apiVersion: calicoApi,
    kind: "IPPool",
    metadata: { name: "default-ipv4-ippool" },
    spec: {
      allowedUses: ["Workload", "Tunnel"],
      blockSize: 26,
      cidr: "192.168.0.0/16",
      ipipMode: "Never",
      natOutgoing: true,
      nodeSelector: "all()",
      vxlanMode,
    },
  };
}

/** Calico without the operator and Typha: what the operator v1.42 renders for calico-node, as recorded. */
export function calicoObjects(settings: CalicoSettings): KubernetesObject[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...["calico-node", "calico-cni-plugin"].map((name) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
    })),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "calico-system" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [
        { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: `system:serviceaccounts:${namespace}` },
      ],
    },
    ipPool(settings.encapsulation ?? "Always"),
    { ...felixName, spec: felixSpec(settings) },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "cni-config", namespace },
      data: { config: JSON.stringify(cniConfig) },
    },
    daemonSet(settings),
  ];
}

const cniConfig = {
  name: "k8s-pod-network",
  cniVersion: "0.3.1",
  plugins: [
    {
      type: "calico",
      datastore_type: "kubernetes",
      mtu: 0,
      nodename_file_optional: false,
      log_level: "Info",
      log_file_path: "/var/log/calico/cni/cni.log",
      ipam: { type: "calico-ipam", assign_ipv4: "true", assign_ipv6: "false" },
      container_settings: { allow_ip_forwarding: false },
      policy: { type: "k8s" },
      kubernetes: { kubeconfig: "__KUBECONFIG_FILEPATH__" },
    },
    { type: "portmap", snat: true, capabilities: { portMappings: true } },
  ],
};

function daemonSet({ endpointHost }: CalicoSettings): KubernetesObject {
  const apiServer = [
    { name: "KUBERNETES_SERVICE_HOST", value: endpointHost },
    { name: "KUBERNETES_SERVICE_PORT", value: "443" },
  ];
  const hostPath = (name: string, path: string) => ({ name, hostPath: { path } });
  const probe = { exec: { command: ["/bin/calico-node", "-felix-ready"] }, timeoutSeconds: 10 };
  const labels = { "k8s-app": "calico-node" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "calico-node", namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          dnsPolicy: "Default",
          serviceAccountName: "calico-node",
          terminationGracePeriodSeconds: 5,
          tolerations: [{ operator: "Exists" }],
          initContainers: [
            {
              name: "install-cni",
              image: "quay.io/calico/cni:v3.28.5",
              command: ["/opt/cni/bin/install"],
              env: [
                { name: "CNI_CONF_NAME", value: "10-calico.conflist" },
                { name: "SLEEP", value: "false" },
                { name: "CNI_NET_DIR", value: "/etc/cni/net.d" },
                {
                  name: "CNI_NETWORK_CONFIG",
                  valueFrom: { configMapKeyRef: { name: "cni-config", key: "config" } },
                },
                ...apiServer,
              ],
              volumeMounts: [
                { name: "cni-bin-dir", mountPath: "/host/opt/cni/bin" },
                { name: "cni-net-dir", mountPath: "/host/etc/cni/net.d" },
              ],
            },
          ],
          containers: [
            {
              name: "calico-node",
              image: "quay.io/calico/node:v3.28.5",
              env: [
                ...Object.entries(calicoNodeEnv).map(([name, value]) => ({ name, value })),
                { name: "NODENAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                ...apiServer,
              ],
              securityContext: { privileged: true },
              startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 150 },
              readinessProbe: { ...probe, periodSeconds: 30 },
              livenessProbe: {
                httpGet: { host: "localhost", path: "/liveness", port: 9099 },
                periodSeconds: 60,
                timeoutSeconds: 10,
              },
              volumeMounts: [
                { name: "cni-net-dir", mountPath: "/host/etc/cni/net.d" },
                { name: "bpffs", mountPath: "/sys/fs/bpf" },
                { name: "var-lib-calico", mountPath: "/var/lib/calico" },
                { name: "var-run-calico", mountPath: "/var/run/calico" },
              ],
            },
          ],
          volumes: [
            hostPath("cni-bin-dir", "/opt/cni/bin"),
            hostPath("cni-net-dir", "/etc/cni/net.d"),
            hostPath("bpffs", "/sys/fs/bpf"),
            hostPath("var-lib-calico", "/var/lib/calico"),
            hostPath("var-run-calico", "/var/run/calico"),
          ],
        },
      },
    },
  };
}

/** As recorded of the operator, without Typha. */
const calicoNodeEnv: Readonly<Record<string, string>> = {
  DATASTORE_TYPE: "kubernetes",
  WAIT_FOR_DATASTORE: "true",
  CLUSTER_TYPE: "k8s,operator,ecs",
  CALICO_DISABLE_FILE_LOGGING: "false",
  FELIX_DEFAULTENDPOINTTOHOSTACTION: "ACCEPT",
  FELIX_HEALTHENABLED: "true",
  FELIX_HEALTHPORT: "9099",
  NO_DEFAULT_POOLS: "true",
  CALICO_MANAGE_CNI: "true",
  CALICO_NETWORKING_BACKEND: "vxlan",
  IP: "autodetect",
  IP_AUTODETECTION_METHOD: "kubernetes-internal-ip",
  IP6: "none",
  FELIX_IPV6SUPPORT: "false",
  FELIX_PROMETHEUSMETRICSENABLED: "true",
  FELIX_PROMETHEUSMETRICSPORT: "9091",
};
