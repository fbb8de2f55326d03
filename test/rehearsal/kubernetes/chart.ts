import type { Values } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";

/**
 * Stands in for upstream's chart `tigera-operator`, which no package registry carries: the objects whose values this
 * program sets. What the chart brings beside them does not take part in any order.
 */
export const chart: ComponentDouble = async ({ name, inputs, providers, registerSelf, register }) => {
  const {
    chart: chartName,
    namespace,
    values,
  } = inputs as {
    chart: string;
    namespace: string;
    values: { dnsPolicy?: string; tigeraOperator?: Values };
  };
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
      spec: {
        replicas: 1,
        template: {
          spec: {
            hostNetwork: true,
            dnsPolicy: values.dnsPolicy ?? "ClusterFirstWithHostNet",
            serviceAccountName: "tigera-operator",
          },
        },
      },
    },
    [account.urn],
  );
  return { urn, state: { resources: [] } };
};
