import type { ResourceData } from "./reportData.ts";

export const stackType = "pulumi:pulumi:Stack";

/** A wait that no dependency shows: it happens while both operations run. */
export interface RuntimeWait {
  readonly from: ResourceData;
  readonly to: ResourceData;
  readonly what: string;
  /** It cannot start before; false: it can, and cannot end. */
  readonly starts: boolean;
}

/** What a diagram shows as a resource: no component, and no provider, on which everything depends. */
export function isShown({ custom, type }: ResourceData): boolean {
  return custom && !type.startsWith("pulumi:");
}

/**
 * Dependencies between the resources that are shown, through those that are not: what depends on a component depends on
 * all in it, and what is in it on all that the component depends on.
 */
export class Dependencies {
  readonly #byUrn: ReadonlyMap<string, ResourceData>;
  readonly #children: ReadonlyMap<string | null, readonly ResourceData[]>;

  constructor(resources: readonly ResourceData[]) {
    this.#byUrn = new Map(resources.map((one) => [one.urn, one]));
    this.#children = Map.groupBy(resources, ({ parent }) => parent);
  }

  /** URNs of what is around a child of `parent`, outermost first, without the stack. */
  around(parent: string | null): string[] {
    const one = this.#byUrn.get(parent ?? "");
    return one === undefined || one.type === stackType ? [] : [...this.around(one.parent), one.urn];
  }

  /** What has to be there before a resource. */
  before(one: ResourceData): ResourceData[] {
    const around = this.around(one.parent);
    const own = new Set([one.urn, ...around]);
    const named = [...own].flatMap((urn) => this.#byUrn.get(urn)?.dependsOn ?? []);
    return [...new Set(named)].filter((urn) => !own.has(urn)).flatMap((urn) => this.#shownIn(urn));
  }

  #shownIn(urn: string): ResourceData[] {
    const one = this.#byUrn.get(urn);
    if (one === undefined) return [];
    if (isShown(one)) return [one];
    if (one.custom) return one.dependsOn.flatMap((next) => this.#shownIn(next));
    return (this.#children.get(urn) ?? []).flatMap((child) => this.#shownIn(child.urn));
  }
}

/** A node is Ready once calico-node runs on it, which the operator brings. */
export function runtimeWaits(resources: readonly ResourceData[]): RuntimeWait[] {
  const of = (fits: (one: ResourceData) => boolean) => resources.filter(fits);
  const nodeGroups = of(({ type }) => type === "aws:eks/nodeGroup:NodeGroup");
  const operators = of(({ urn, type }) => type.endsWith(":Deployment") && urn.endsWith("tigera-operator"));
  return nodeGroups.flatMap((to) =>
    operators.map((from) => ({ from, to, what: "calico-node", starts: false })),
  );
}
