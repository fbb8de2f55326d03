import type { Live, Outcome } from "../verify/check.ts";
import { nodes } from "../verify/reading/nodes.ts";

/** Names of the nodes that are looked into: those of which something is wrong first. */
export async function chosenNodes(live: Live, outcomes: readonly Outcome[], most: number): Promise<string[]> {
  const suspects = outcomes
    .flatMap(({ findings }) => findings)
    .flatMap(({ node, verdict }) => (node !== undefined && verdict !== "passed" ? [node] : []));
  const all = (await nodes(live)).map(({ name }) => name);
  return [...new Set([...suspects, ...all])].filter((name) => all.includes(name)).slice(0, most);
}
