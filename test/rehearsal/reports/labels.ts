import { nameOf } from "../../../infra/commands/shared/graph.ts";

/**
 * `urn…::name#milestone` → `Kind name · milestone`; names without the cluster's name, which all share. Of a type instead
 * of a URN only the kind is left.
 */
export function labelWithout(clusterName: string): (id: string) => string {
  return (id) => {
    const [urn = "", milestone] = id.split("#");
    const name = urn.includes("::") ? nameWithout(clusterName, urn) : "";
    return [kindOf(urn), name, ...(milestone === undefined ? [] : ["·", milestone])]
      .filter((part) => part !== "")
      .join(" ");
  };
}

/** Name of a resource without the cluster's; empty for what has the cluster's own. */
export function nameWithout(clusterName: string, urn: string): string {
  const full = shortName(urn);
  const own = full.startsWith(`${clusterName}-`) ? full.slice(clusterName.length + 1) : full;
  return own === clusterName ? "" : own;
}

/** Name of a resource; of a chart's child, which is named `chart:namespace/object`, the object's. */
export function shortName(urn: string): string {
  return nameOf(urn).replace(/^.*:.*\//, "");
}

/** Last part of the type of a URN, or of a type: `aws:ec2/vpc:Vpc` → `Vpc`. */
export function kindOf(urn: string): string {
  const type = urn.includes("::") ? (urn.split("::")[2] ?? "") : urn;
  return type.split(":").at(-1) ?? "";
}

/** `1 step`, `2 steps`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** `12m05s`, `-0m22s`. */
export function minutes(seconds: number): string {
  const whole = Math.abs(Math.round(seconds));
  return `${seconds < 0 ? "-" : ""}${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
}

/** A table in Markdown. The cells are used unchanged. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), `|${"---|".repeat(head.length)}`, ...rows.map(row)];
}
