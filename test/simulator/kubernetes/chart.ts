import type { Value, Values } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";
import { at, type KubernetesObject } from "./object.ts";
import { type Release, refuseUnknown, rendered, type StubChart, stubCharts } from "./stubCharts.ts";

interface ChartInputs {
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly values?: Values;
  readonly repositoryOpts?: { readonly repo?: string };
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

/** Its other objects do not take part in any order. */
function operatorObjects({ namespace, values, version }: Release): KubernetesObject[] {
  const name = "tigera-operator";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels: { "k8s-app": name } },
      spec: deploymentSpec(values as ChartValues, version),
    },
  ];
}

const charts = stubCharts();

/** The chart of a name and version; the words of one that is missing are Helm's. */
function located({ chart: requested, version, repositoryOpts }: ChartInputs): StubChart {
  const [name = ""] = requested.split("/").slice(-1);
  const chart = charts.get(name);
  const where = repositoryOpts?.repo ?? requested;
  if (chart === undefined)
    throw new Error(`unable to locate the chart: chart "${name}" not found in ${where} repository`);
  if (chart.version !== undefined && chart.version !== version) {
    throw new Error(
      `unable to locate the chart: chart "${name}" version "${version}" not found in ${where} repository`,
    );
  }
  return chart;
}

/** A Helm chart, from this project's own: every object of it becomes a resource. */
export const chart: ComponentDouble = async ({ name, inputs, providers, registerSelf, register }) => {
  const requested = inputs as unknown as ChartInputs;
  const { namespace, values = {}, version, skipAwait = false } = requested;
  const stub = located(requested);
  const release = { name, namespace, version, values };
  refuseUnknown(stub, values);
  const objects = stub.name === "tigera-operator" ? operatorObjects(release) : rendered(stub, release);
  const { urn } = await registerSelf();
  const skipped: Values = skipAwait ? { annotations: { "pulumi.com/skipAwait": "true" } } : {};
  const earlier: string[] = [];
  for (const { apiVersion, kind, metadata, ...rest } of objects) {
    const prefix = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
    const child = await register({
      type: `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`,
      name: `${name}:${prefix}${metadata.name}`,
      custom: true,
      parent: urn,
      provider: providers["kubernetes"] ?? "",
      dependsOn: kind === "Deployment" ? [...earlier] : [],
      version: "4.34.2",
      inputs: { apiVersion, kind, metadata: { ...metadata, ...skipped }, ...rest } as unknown as Values,
    });
    earlier.push(child.urn);
  }
  return { urn, state: { resources: [] } };
};
