import { daysUntil } from "../../components/rules/support.ts";
import { counted } from "../../components/rules/words.ts";
import type { Asked, Environment } from "./environment.ts";

const head = [
  "stack",
  "region",
  "account",
  "Kubernetes",
  "Calico",
  "dataplane",
  "USD a month",
  "AWS upgrades it",
];

/** The environments for a terminal: a row each, and under it what is wrong with the file. */
export function environmentTable(environments: readonly Environment[], today: Date): string {
  const rows = environments.map((one) => ({ one, cells: cellsOf(one, today) }));
  // What stands in a broken row is no column.
  const inColumns = [head, ...rows.filter(({ one }) => one.asked !== null).map(({ cells }) => cells)];
  const widths = head.map((_, column) =>
    Math.max(
      ...inColumns.map((cells) => cells[column]?.length ?? 0),
      ...(column === 0 ? names(environments) : []),
    ),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    line(head),
    ...rows.flatMap(({ one, cells }) => [line(cells), ...one.problems.map((problem) => `  ${problem}`)]),
  ].join("\n");
}

function names(environments: readonly Environment[]): number[] {
  return environments.map(({ stack }) => stack.length);
}

function cellsOf({ asked, file, problems, stack }: Environment, today: Date): string[] {
  if (asked === null) return [stack, `${counted(problems.length, "problem")} in ${file}`];
  const { kubernetesVersion, calicoVersion } = asked;
  return [
    stack,
    asked.region === "" ? "-" : asked.region,
    asked.account ?? "-",
    kubernetesVersion ?? "as found",
    calicoVersion ?? "as found",
    [asked.dataplane, asked.externalService, `kube-proxy ${asked.kubeProxy}`].join(", "),
    cost(asked),
    upgrade(asked, today),
  ];
}

function cost({ usdPerMonth, isPriceComplete }: Asked): string {
  if (usdPerMonth === null) return "-";
  return `${usdPerMonth.toFixed(2)}${isPriceComplete ? "" : " and more"}`;
}

function upgrade({ forcedUpgradeAfter, standardPriceUntil }: Asked, today: Date): string {
  if (forcedUpgradeAfter === null) return "-";
  const dearer = standardPriceUntil === null ? "" : `; dearer after ${standardPriceUntil}`;
  return `after ${forcedUpgradeAfter}, in ${daysUntil(forcedUpgradeAfter, today)} days${dearer}`;
}
