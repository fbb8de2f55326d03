/** The part of a resource in the engine's state that order and cost need. */
export interface GraphResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string | undefined;
  /** URNs, whether named by dependsOn, by a property or as the provider. */
  readonly dependsOn: readonly string[];
  readonly deletedWith: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Reads the resources out of an exported deployment. */
export function resourcesOf(deployment: unknown): GraphResource[] {
  const { resources = [] } = (deployment ?? {}) as { resources?: readonly StateResource[] };
  return resources.map((one) => ({
    urn: one.urn,
    type: one.type,
    name: nameOf(one.urn),
    custom: one.custom,
    parent: one.parent,
    dependsOn: [
      ...new Set([
        ...(one.dependencies ?? []),
        ...Object.values(one.propertyDependencies ?? {}).flat(),
        // A provider reference is a URN followed by the provider's ID.
        ...(one.provider === undefined ? [] : [one.provider.split("::").slice(0, -1).join("::")]),
      ]),
    ],
    deletedWith: one.deletedWith,
    inputs: one.inputs ?? {},
    outputs: one.outputs ?? {},
  }));
}

/** Logical name: the last part of a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
