import { counted } from "../../../components/values/problem.ts";
import { wrapped } from "../shared/arguments.ts";
import { type Asked, daysUntil, type Environment } from "./environments.ts";

const head = ["region", "account", "Kubernetes", "Calico", "USD a month"];

/** Most of a stack's name that stands in its row; the row of a longer one begins below it. */
const nameWidth = 15;

/** The environments for a terminal, 80 columns wide: a row each, and under it the rest, or what is wrong with the file. */
export function environmentTable(environments: readonly Environment[], today: Date): string {
  const sound = environments.flatMap((one) => (one.asked === null ? [] : [cellsOf(one.asked)]));
  const nameColumn = Math.min(
    nameWidth,
    Math.max(...["stack", ...environments.map(({ stack }) => stack)].map(({ length }) => length)),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...sound.map((cells) => cells[column]?.length ?? 0)),
  );
  const row = (name: string, cells: readonly string[]) => {
    const columns = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    if (name.length > nameColumn) return [name, `${" ".repeat(nameColumn)}  ${columns}`.trimEnd()];
    return [`${name.padEnd(nameColumn)}  ${columns}`.trimEnd()];
  };
  return [
    ...row("stack", head),
    ...environments.flatMap((one) => [
      ...row(one.stack, one.asked === null ? [counted(one.problems.length, "problem")] : cellsOf(one.asked)),
      ...[
        ...(one.asked === null ? [] : [details(one.asked, today)]),
        ...one.problems,
        ...one.warnings.map((warning) => `warning: ${warning}`),
      ].flatMap((text) => wrapped(text, "  ", "    ")),
    ]),
  ].join("\n");
}

function cellsOf(asked: Asked): string[] {
  const { region, account, kubernetesVersion, calicoVersion } = asked;
  return [
    region === "" ? "-" : region,
    account ?? "-",
    kubernetesVersion ?? "as found",
    calicoVersion ?? "as found",
    cost(asked),
  ];
}

function details(asked: Asked, today: Date): string {
  const { dataplane, externalService, kubeProxy } = asked;
  return [
    [dataplane, externalService, `kube-proxy ${kubeProxy}`].join(", "),
    ...upgrade(asked, today),
    ...(asked.usdPerMonth === null || asked.isPriceComplete
      ? []
      : ["the cost lacks what has no known price"]),
  ].join("; ");
}

function cost({ usdPerMonth, isPriceComplete }: Asked): string {
  if (usdPerMonth === null) return "-";
  return `${usdPerMonth.toFixed(2)}${isPriceComplete ? "" : "+"}`;
}

function upgrade({ forcedUpgradeAfter, standardPriceUntil }: Asked, today: Date): string[] {
  if (forcedUpgradeAfter === null) return [];
  const inDays = `in ${daysUntil(forcedUpgradeAfter, today)} days`;
  return [
    `AWS upgrades it after ${forcedUpgradeAfter}, ${inDays}`,
    ...(standardPriceUntil === null ? [] : [`dearer after ${standardPriceUntil}`]),
  ];
}
