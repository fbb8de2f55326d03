import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertRule } from "../../../components/specs/monitoring.ts";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { execute } from "../../../infra/commands/shared/engine/process.ts";

/** What Prometheus has read, and what is to come of it. */
export interface AlertCase {
  /** Series in promtool's notation, a value a minute: `up{job="a"}` to `1x5 0x10`. */
  readonly series: Readonly<Record<string, string>>;
  /** Minutes after which it is looked at. */
  readonly at: number;
  readonly alert: string;
  /** Labels of each firing alert in addition to its rule's, and its summary. */
  readonly fires: readonly { readonly labels: Readonly<Record<string, string>>; readonly summary: string }[];
}

/** Lets `promtool check rules` judge the form of rules. Returns what it says against them; empty: nothing. */
export async function checkForm(promtool: string, rules: readonly AlertRule[]): Promise<string> {
  return within({ "rules.json": { groups: [{ name: "alerts", rules }] } }, (folder) =>
    said(promtool, ["check", "rules", "--lint-fatal", join(folder, "rules.json")]),
  );
}

/** Lets `promtool test rules` carry a case out. Returns what it says against it; empty: it holds. */
export async function checkCase(
  promtool: string,
  rules: readonly AlertRule[],
  { series, at, alert, fires }: AlertCase,
): Promise<string> {
  const rule = rules.find((one) => one.alert === alert);
  if (rule === undefined) throw new Error(`there is no alert ${alert}`);
  const expected = fires.map(({ labels, summary }) => ({
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: { ...rule.annotations, summary },
  }));
  const test = {
    rule_files: ["rules.json"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: `${at}m`, alertname: alert, exp_alerts: expected }],
      },
    ],
  };
  return within({ "rules.json": { groups: [{ name: "alerts", rules }] }, "test.json": test }, (folder) =>
    said(promtool, ["test", "rules", join(folder, "test.json")]),
  );
}

/** JSON is YAML. */
async function within<Result>(
  files: Readonly<Record<string, unknown>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function said(promtool: string, args: readonly string[]): Promise<string> {
  let errors = "";
  const outcome = await execute(promtool, [...args], {
    env: ownEnvironment(),
    timeoutSeconds: 60,
    onErrorText: (text) => {
      errors += text;
    },
  });
  return outcome.ok ? "" : `${errors}${outcome.reason}`;
}
