/** A resource of the state: the part that is changed here. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

interface Deployment {
  readonly resources: readonly StateResource[];
}

/** What else of the state is not there: after an `up` that failed half-way. */
export interface Missing {
  /** Names of resources. */
  readonly names?: readonly string[];
  /** The stack's outputs. */
  readonly outputs?: boolean;
  /** Not missing: what the operator's Deployment was when it had been waited for. */
  readonly operatorRan?: boolean;
}

const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/**
 * The state as the program wrote it before it defined Calico's kinds: without the definitions, with the dataplane gate below
 * the Dataplane, and the operator's chart awaited.
 */
export function asBefore(
  deployment: unknown,
  { names = [], outputs = false, operatorRan = false }: Missing = {},
): unknown {
  const { resources, ...rest } = deployment as Deployment;
  const gone = new Set(
    resources
      .filter(({ urn, type }) => isNew(type) || names.includes(urn.split("::").at(-1) ?? ""))
      .map(({ urn }) => urn),
  );
  const renamed = (urn: string) => urn.replace(":DataplaneGate$", ":Dataplane$");
  const kept = (urns: readonly string[]) => urns.filter((urn) => !gone.has(urn)).map(renamed);
  const dataplane = resources.find(({ type }) => type === "calico-ebpf-eks:index:Dataplane")?.urn;
  const rewired = ({ urn, parent, dependencies, propertyDependencies }: StateResource) => ({
    urn: renamed(urn),
    ...(parent !== undefined && gone.has(parent) ? { parent: dataplane } : {}),
    ...(dependencies === undefined ? {} : { dependencies: kept(dependencies) }),
    ...(propertyDependencies === undefined
      ? {}
      : {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([property, urns]) => [property, kept(urns)]),
          ),
        }),
  });
  return {
    ...rest,
    resources: resources
      .filter(({ urn }) => !gone.has(urn))
      .map((one) => ({
        ...one,
        ...rewired(one),
        ...(isOfChart(one) ? awaitedChart(one, operatorRan) : {}),
        ...(outputs && one.type === "pulumi:pulumi:Stack" ? { outputs: {} } : {}),
      })),
  };
}

function isNew(type: string): boolean {
  return (
    type === crdType ||
    type === "calico-ebpf-eks:index:CalicoCrds" ||
    type === "calico-ebpf-eks:index:DataplaneGate"
  );
}

function isOfChart({ urn }: StateResource): boolean {
  return urn.includes("kubernetes:helm.sh/v4:Chart$");
}

function awaitedChart({ inputs = {}, outputs = {} }: StateResource, operatorRan: boolean) {
  return {
    inputs: awaited(inputs),
    outputs: { ...awaited(outputs), ...(operatorRan ? available : {}) },
  };
}

const available = { status: { availableReplicas: 1 } };

/** Without what keeps the engine from waiting. */
function awaited(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { annotations: _, ...metadata } = values["metadata"] as Readonly<Record<string, unknown>>;
  return { ...values, metadata };
}
