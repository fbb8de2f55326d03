import type { Value, Values } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";

interface ChartInputs {
  readonly chart: string;
  readonly namespace: string;
  readonly values: ChartValues;
}

interface ChartValues {
  readonly dnsPolicy?: string;
  readonly tigeraOperator?: { readonly registry?: string; readonly env?: Value[] };
}

/** The operator's pod starts on a node that is not ready yet, and learns the API server's address from a ConfigMap. */
function deploymentSpec({ dnsPolicy = "ClusterFirstWithHostNet", tigeraOperator = {} }: ChartValues): Values {
  const labels = { "k8s-app": "tigera-operator" };
  const { registry = "quay.io", env = [] } = tigeraOperator;
  const container = {
    name: "tigera-operator",
    image: `${registry}/tigera/operator`,
    env,
    envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }],
  };
  return {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        hostNetwork: true,
        dnsPolicy,
        serviceAccountName: "tigera-operator",
        tolerations: [
          { effect: "NoExecute", operator: "Exists" },
          { effect: "NoSchedule", operator: "Exists" },
        ],
        containers: [container],
      },
    },
  };
}

/**
 * Stands in for upstream's chart `tigera-operator`, which no package registry carries: the objects whose values this
 * program sets. What the chart brings beside them does not take part in any order.
 */
export const chart: ComponentDouble = async ({ name, inputs, providers, registerSelf, register }) => {
  const { chart: chartName, namespace, values } = inputs as unknown as ChartInputs;
  if (!/(^|\/)tigera-operator$/.test(chartName)) throw new Error(`chart "${chartName}" not found`);
  const { urn } = await registerSelf();
  const provider = providers["kubernetes"] ?? "";
  const child = (apiVersion: string, kind: string, extra: Values, dependsOn: string[] = []) =>
    register({
      type: `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`,
      name: `${name}:${namespace}/tigera-operator`,
      custom: true,
      parent: urn,
      provider,
      dependsOn,
      version: "4.34.2",
      inputs: { apiVersion, kind, metadata: { name: "tigera-operator", namespace }, ...extra },
    });
  const account = await child("v1", "ServiceAccount", {});
  await child(
    "apps/v1",
    "Deployment",
    {
      metadata: { name: "tigera-operator", namespace, labels: { "k8s-app": "tigera-operator" } },
      spec: deploymentSpec(values),
    },
    [account.urn],
  );
  return { urn, state: { resources: [] } };
};
