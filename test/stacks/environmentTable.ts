import { daysUntil } from "../../components/rules/support.ts";
import { wrapped } from "../../infra/commands/shared/columns.ts";
import { counted } from "../../components/rules/words.ts";
import type { Asked, Environment } from "./environment.ts";

const head = ["stack", "region", "account", "Kubernetes", "Calico", "USD a month"];

/** The environments for a terminal, 80 columns wide: a row each, and under it the rest, or what is wrong with the file. */
export function environmentTable(environments: readonly Environment[], today: Date): string {
  const rows = environments.map((one) => ({ one, cells: cellsOf(one) }));
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
    ...rows.flatMap(({ one, cells }) => [
      line(cells),
      ...[
        ...(one.asked === null ? [] : [details(one.asked, today)]),
        ...one.problems,
        ...one.warnings.map((warning) => `warning: ${warning}`),
      ].flatMap((text) => wrapped(text, "  ", "    ")),
    ]),
  ].join("\n");
}

function names(environments: readonly Environment[]): number[] {
  return environments.map(({ stack }) => stack.length);
}

function cellsOf({ asked, file, problems, stack }: Environment): string[] {
  if (asked === null) return [stack, `${counted(problems.length, "problem")} in ${file}`];
  const { kubernetesVersion, calicoVersion } = asked;
  return [
    stack,
    asked.region === "" ? "-" : asked.region,
    asked.account ?? "-",
    kubernetesVersion ?? "as found",
    calicoVersion ?? "as found",
    cost(asked),
  ];
}

function details(asked: Asked, today: Date): string {
  const { dataplane, externalService, kubeProxy } = asked;
  return [[dataplane, externalService, `kube-proxy ${kubeProxy}`].join(", "), ...upgrade(asked, today)].join("; ");
}

function cost({ usdPerMonth, isPriceComplete }: Asked): string {
  if (usdPerMonth === null) return "-";
  return `${usdPerMonth.toFixed(2)}${isPriceComplete ? "" : " and more"}`;
}

function upgrade({ forcedUpgradeAfter, standardPriceUntil }: Asked, today: Date): string[] {
  if (forcedUpgradeAfter === null) return [];
  const inDays = `in ${daysUntil(forcedUpgradeAfter, today)} days`;
  return [
    `AWS upgrades it after ${forcedUpgradeAfter}, ${inDays}`,
    ...(standardPriceUntil === null ? [] : [`dearer after ${standardPriceUntil}`]),
  ];
}
