import { calicoVersions } from "../../facts/versions.ts";
import { lookUp } from "../../values/lookUp.ts";
import { listed, type Problem } from "../../values/problem.ts";
import { type Kernel, kernelVersion, parseKernel, supportsEbpf } from "../../values/versions.ts";
import { knownBadKernel } from "../nodeKernels.ts";
import type { FoundNode } from "./snapshot.ts";

/** The floor where the release is unknown, which is reported anyway. */
const usualFloor = "5.10";

/** A problem with a node: `what` is its part, then the rest of the problem. */
export type NodeFinding = Omit<Problem, "path"> & { readonly what: string };

/** Rules on every node: eBPF runs on all of them or on none. */
export function nodeProblems(nodes: readonly FoundNode[], calicoVersion: string | undefined): Problem[] {
  const found = nodes.flatMap((node) =>
    [findings(node, calicoVersion)].flat().map((finding) => ({ node, finding })),
  );
  const groups = groupedBy(found, ({ finding }) => JSON.stringify(finding));
  return groups.flatMap(([, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const { what, ...problem } = first.finding;
    return [{ path: `${nodesText(group.map(({ node }) => node.name))}, ${what}`, ...problem }];
  });
}

function findings(
  { operatingSystem, architecture, kernel: text }: FoundNode,
  calicoVersion: string | undefined,
) {
  if (operatingSystem !== "linux") {
    return {
      what: "operating system",
      found: operatingSystem,
      needs: "eBPF runs on every node of a cluster or on none, and needs Linux",
      fix: "Remove the node from the cluster",
    };
  }
  return [processor(architecture), kernelFindings(text, calicoVersion)].flat();
}

function processor(architecture: string): NodeFinding | NodeFinding[] {
  if (architecture === "amd64" || architecture === "arm64") return [];
  return {
    what: "processor",
    found: architecture,
    needs: "Calico's eBPF programs are for amd64 and arm64",
    fix: "Remove the node from the cluster",
  };
}

/** What is wrong with a kernel, as `uname -r` or `uname -rv` prints it, for a Calico release. */
export function kernelFindings(text: string, calicoVersion: string | undefined): NodeFinding[] {
  const kernel = parseKernel(text);
  if (kernel === undefined) {
    return [
      {
        what: "kernel",
        found: `${text === "" ? "nothing" : text} is unknown`,
        needs: "eBPF needs a known kernel version",
        fix: "Check it with uname -rv, and add its format to components/values/versions.ts",
      },
    ];
  }
  return [tooOld(text, kernel, calicoVersion), knownBad(text, kernel, calicoVersion)].flat();
}

function tooOld(text: string, kernel: Kernel, calicoVersion = ""): NodeFinding | NodeFinding[] {
  const floor = lookUp(calicoVersions, calicoVersion)?.kernelFloor ?? usualFloor;
  if (supportsEbpf(kernel, floor)) return [];
  return {
    what: "kernel",
    found: text,
    needs: `the BPF dataplane needs ${floor} or newer`,
    fix: "Replace the node with one that has a newer kernel",
  };
}

function knownBad(
  text: string,
  kernel: Kernel,
  calicoVersion: string | undefined,
): NodeFinding | NodeFinding[] {
  const bad = calicoVersion === undefined ? undefined : knownBadKernel(kernel, calicoVersion);
  if (bad === undefined) return [];
  return {
    what: "kernel",
    found: `on ${kernelVersion(kernel)} (${text}) ${bad.symptom} (${bad.issue})`,
    needs: `Calico is ${calicoVersion}, and the fix came with ${listed(bad.fixedIn)}`,
    fix: "Upgrade Calico first",
  };
}

/** Maximum number of nodes named in a line. */
const mostNamed = 3;

/** `nodes a, b, c and 7 others`: a line for all nodes with one problem, not one for each. */
export function nodesText(names: readonly string[]): string {
  if (names.length === 1) return `node ${names[0]}`;
  if (names.length <= mostNamed) return `nodes ${listed(names)}`;
  const others = names.length - mostNamed;
  return `nodes ${names.slice(0, mostNamed).join(", ")} and ${others} ${others === 1 ? "other" : "others"}`;
}

/** Groups of values that have a text in common, in the order in which the texts are first met. */
export function groupedBy<T>(
  values: readonly T[],
  textOf: (value: T) => string,
): [text: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const text = textOf(value);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [value]);
    else group.push(value);
  }
  return [...groups];
}
