import { groupedBy, nodesText } from "../../../../components/checks/existing/nodes.ts";
import type { Finding } from "../check.ts";

/** Findings that say the same, in a line: of a thousand nodes, one line and not a thousand. */
export function evidenceLines(findings: readonly Finding[]): string[] {
  return groupedBy(findings, ({ evidence, node }) => JSON.stringify([evidence, node === undefined])).map(
    ([, group]) => {
      const names = group.flatMap(({ node }) => node ?? []);
      const evidence = group[0]?.evidence ?? "";
      if (names.length === 0) return evidence;
      return `${names.length > 1 ? `${names.length} nodes` : nodesText(names)}: ${evidence}`;
    },
  );
}

/** The same of what failed or is unknown, with the nodes' names. */
export function problemLines(findings: readonly Finding[]): string[] {
  const wrong = findings.filter(({ verdict }) => verdict !== "passed");
  return groupedBy(wrong, ({ evidence, node }) => JSON.stringify([evidence, node === undefined])).map(
    ([, group]) => {
      const names = group.flatMap(({ node }) => node ?? []);
      const evidence = group[0]?.evidence ?? "";
      return names.length === 0 ? evidence : `${nodesText(names)}: ${evidence}`;
    },
  );
}
