import { counted } from "../../../components/values/problem.ts";
import { wrapped } from "../shared/arguments.ts";
import { daysUntil, type Environment, type Requested } from "./environments.ts";

const head = ["region", "account", "Kubernetes", "Calico", "USD a month"];

/** Longest stack name that shares its row; the row of a longer one starts below it. */
const nameWidth = 15;

/** The environments for a terminal, 80 columns wide: a row each, and below it the details, or the problems of the file. */
export function environmentTable(environments: readonly Environment[], today: Date): string {
  const sound = environments.flatMap((one) => (one.requested === null ? [] : [cellsOf(one.requested)]));
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
      ...row(
        one.stack,
        one.requested === null ? [counted(one.problems.length, "problem")] : cellsOf(one.requested),
      ),
      ...[
        ...(one.requested === null ? [] : [details(one.requested, today)]),
        ...one.problems,
        ...one.warnings.map((warning) => `warning: ${warning}`),
      ].flatMap((text) => wrapped(text, "  ", "    ")),
    ]),
  ].join("\n");
}

function cellsOf(requested: Requested): string[] {
  const { region, account, kubernetesVersion, calicoVersion } = requested;
  return [
    region === "" ? "-" : region,
    account ?? "-",
    kubernetesVersion ?? "as found",
    calicoVersion ?? "as found",
    cost(requested),
  ];
}

function details(requested: Requested, today: Date): string {
  const { cni, dataplane, externalService, kubeProxy } = requested;
  const foreign = cni === "AmazonVPC" ? ["pods on the AWS VPC CNI"] : [];
  return [
    [dataplane, externalService, `kube-proxy ${kubeProxy}`, ...foreign].join(", "),
    ...upgrade(requested, today),
    ...(requested.usdPerMonth === null || requested.isPriceComplete
      ? []
      : ["the cost excludes items without a known price, and Karpenter's nodes"]),
  ].join("; ");
}

function cost({ usdPerMonth, isPriceComplete }: Requested): string {
  if (usdPerMonth === null) return "-";
  return `${usdPerMonth.toFixed(2)}${isPriceComplete ? "" : "+"}`;
}

function upgrade({ forcedUpgradeAfter, standardPriceUntil }: Requested, today: Date): string[] {
  if (forcedUpgradeAfter === null) return [];
  const inDays = `in ${daysUntil(forcedUpgradeAfter, today)} days`;
  return [
    `AWS upgrades it after ${forcedUpgradeAfter}, ${inDays}`,
    ...(standardPriceUntil === null ? [] : [`extended support price after ${standardPriceUntil}`]),
  ];
}
