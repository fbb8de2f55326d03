import type { Value, Values } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";
import { at } from "./object.ts";

interface ChartInputs {
  readonly chart: string;
  /** That of Calico, with a leading v. */
  readonly version: string;
  readonly namespace: string;
  readonly values: ChartValues;
  /** Puts `pulumi.com/skipAwait` on every object. */
  readonly skipAwait?: boolean;
}

interface ChartValues {
  readonly dnsPolicy?: string;
  readonly tigeraOperator?: { readonly registry?: string; readonly env?: Value[] };
}

const imageName = "tigera/operator";

/** The real tag is the operator's own version, in which Calico's is baked in. */
const tagPrefix = "for-calico-";

/** Calico's release that an operator's Deployment or pod installs; "" when it does not say. */
export function installedBy(workload: unknown): string {
  const spec = at(workload, "spec.template.spec") ?? at(workload, "spec");
  const [container] = (at(spec, "containers") ?? []) as readonly { readonly image?: string }[];
  return container?.image?.split(`:${tagPrefix}`)[1] ?? "";
}

/** The operator's pod starts on a node that is not ready yet, and learns the API server's address from a ConfigMap. */
function deploymentSpec(
  { dnsPolicy = "ClusterFirstWithHostNet", tigeraOperator = {} }: ChartValues,
  version: string,
): Values {
  const labels = { "k8s-app": "tigera-operator" };
  const { registry = "quay.io", env = [] } = tigeraOperator;
  const container = {
    name: "tigera-operator",
    image: `${registry}/${imageName}:${tagPrefix}${version}`,
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
 * program sets. Its other objects do not take part in any order.
 */
export const chart: ComponentDouble = async ({ name, inputs, providers, registerSelf, register }) => {
  const {
    chart: chartName,
    namespace,
    values,
    version,
    skipAwait = false,
  } = inputs as unknown as ChartInputs;
  if (!/(^|\/)tigera-operator$/.test(chartName)) throw new Error(`chart "${chartName}" not found`);
  const { urn } = await registerSelf();
  const provider = providers["kubernetes"] ?? "";
  const annotations: Values = skipAwait ? { annotations: { "pulumi.com/skipAwait": "true" } } : {};
  const child = (apiVersion: string, kind: string, extra: Values, dependsOn: string[] = []) =>
    register({
      type: `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`,
      name: `${name}:${namespace}/tigera-operator`,
      custom: true,
      parent: urn,
      provider,
      dependsOn,
      version: "4.34.2",
      inputs: {
        apiVersion,
        kind,
        metadata: { name: "tigera-operator", namespace, ...annotations },
        ...extra,
      },
    });
  const account = await child("v1", "ServiceAccount", {});
  await child(
    "apps/v1",
    "Deployment",
    {
      metadata: {
        name: "tigera-operator",
        namespace,
        labels: { "k8s-app": "tigera-operator" },
        ...annotations,
      },
      spec: deploymentSpec(values, version),
    },
    [account.urn],
  );
  return { urn, state: { resources: [] } };
};
