import { Dependencies, isShown, runtimeWaits, stackType } from "./dependencies.ts";
import type { ResourceData } from "./reportData.ts";

/** Resources of one component that a diagram shows as one box, in the order in which they are made. */
export interface Box {
  readonly id: string;
  /** Keys of the frames around it, outermost first. */
  readonly inside: readonly string[];
  readonly members: readonly ResourceData[];
}

/** A component, or many of one type that a diagram shows as one. */
export interface Frame {
  readonly key: string;
  readonly members: readonly ResourceData[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Set: a wait at run time, and no dependency. */
  readonly what?: string;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  /** Of the dependencies, only those that do not follow from others. */
  readonly arrows: readonly Arrow[];
}

/** More components of one type beside one another than this are shown as one. */
const manyComponents = 3;

/** Mutable while it is filled. */
interface Draft {
  readonly id: string;
  readonly frame: string;
  readonly members: ResourceData[];
}

/**
 * Puts resources into as few boxes as tell the order: those of a component share a box, unless something outside comes
 * between them. So the operator's chart has a box of its own, for the first node comes before it and Calico's namespace
 * before that.
 */
export function picture(resources: readonly ResourceData[]): Picture {
  const graph = new Dependencies(resources);
  const frameOf = frames(resources);
  // The state's own order is that in which things happened to end.
  const shown = resources.filter(isShown).toSorted((a, b) => a.urn.localeCompare(b.urn));
  const waits = runtimeWaits(shown);
  const before = new Map(shown.map((one) => [one, graph.before(one)]));
  const order = new Map(
    [...before].map(([one, needed]) => [
      one,
      [...needed, ...waits.filter(({ to, starts }) => starts && to === one).map(({ from }) => from)],
    ]),
  );
  const drafts = merged(inOrder(shown, before), (one) => frameOf(one.parent), order);
  const boxOf = new Map(drafts.flatMap(({ id, members }) => members.map((one) => [one, id] as const)));
  const id = (one: ResourceData) => boxOf.get(one) ?? "";
  const components = resources.filter(({ custom, type }) => !custom && type !== stackType);
  return {
    boxes: drafts.map(({ id, members }) => {
      const inside = graph.around(members[0]?.parent ?? null).map(frameOf);
      return { id, members, inside: [...new Set(inside)] };
    }),
    frames: [...Map.groupBy(components, ({ urn }) => frameOf(urn))].map(([key, members]) => ({
      key,
      members,
    })),
    arrows: [
      ...reduced(quotient(before, id)),
      ...unique(waits.map(({ from, to, what }) => ({ from: id(from), to: id(to), what }))),
    ],
  };
}

type Needs = ReadonlyMap<ResourceData, readonly ResourceData[]>;

/** Dependencies first; otherwise as given. */
function inOrder(shown: readonly ResourceData[], before: Needs): ResourceData[] {
  const seen = new Set<ResourceData>();
  const visit = (one: ResourceData): ResourceData[] => {
    if (seen.has(one)) return [];
    seen.add(one);
    return [...(before.get(one) ?? []).flatMap(visit), one];
  };
  return shown.flatMap(visit);
}

/** Puts each resource into the first box of its frame with which no box depends on itself. */
function merged(
  ordered: readonly ResourceData[],
  frameOf: (one: ResourceData) => string,
  order: Needs,
): readonly Draft[] {
  const drafts: Draft[] = [];
  const boxOf = new Map<ResourceData, string>();
  const keyOf = (one: ResourceData) => boxOf.get(one) ?? one.urn;
  for (const one of ordered) {
    const frame = frameOf(one);
    const home = drafts.find((draft) => {
      if (draft.frame !== frame) return false;
      // What is in no component has nothing in common but its type.
      if (frame === "" && draft.members[0]?.type !== one.type) return false;
      boxOf.set(one, draft.id);
      return !hasCircle(quotient(order, keyOf));
    });
    const box = home ?? { id: `r${drafts.length}`, frame, members: [] };
    if (home === undefined) drafts.push(box);
    box.members.push(one);
    boxOf.set(one, box.id);
  }
  return drafts;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** What each box needs, by what its members need. */
function quotient(needs: Needs, id: (one: ResourceData) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [one, needed] of needs) {
    const mine = graph.get(id(one)) ?? new Set<string>();
    graph.set(id(one), mine);
    for (const other of needed) if (id(other) !== id(one)) mine.add(id(other));
  }
  return graph;
}

function hasCircle(graph: Graph): boolean {
  const state = new Map<string, "open" | "done">();
  const visit = (key: string): boolean => {
    const known = state.get(key);
    if (known !== undefined) return known === "open";
    state.set(key, "open");
    const found = [...(graph.get(key) ?? [])].some(visit);
    state.set(key, "done");
    return found;
  };
  return [...graph.keys()].some(visit);
}

/** Leaves out what follows from other dependencies. */
function reduced(graph: Graph): Arrow[] {
  const reach = new Map<string, Set<string>>();
  const below = (key: string): Set<string> => {
    const known = reach.get(key);
    if (known !== undefined) return known;
    reach.set(key, new Set());
    const all = new Set([...(graph.get(key) ?? [])].flatMap((next) => [next, ...below(next)]));
    reach.set(key, all);
    return all;
  };
  return [...graph].flatMap(([to, direct]) =>
    [...direct]
      .filter((one) => ![...direct].some((other) => other !== one && below(other).has(one)))
      .map((from) => ({ from, to })),
  );
}

function unique(arrows: readonly Arrow[]): Arrow[] {
  return [...new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow])).values()];
}

/** Key of the frame of a component; empty for the stack. */
function frames(resources: readonly ResourceData[]): (urn: string | null) => string {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const alike = Map.groupBy(
    resources.filter(({ custom }) => !custom),
    ({ parent, type }) => `${parent}|${type}`,
  );
  const key = (urn: string | null): string => {
    const one = byUrn.get(urn ?? "");
    if (one === undefined || one.type === stackType) return "";
    const many = (alike.get(`${one.parent}|${one.type}`)?.length ?? 0) > manyComponents;
    return `${key(one.parent)}/${one.type}${many ? "" : ` ${one.urn}`}`;
  };
  return key;
}
