import type { Rehearsal } from "../../../rehearsal/rehearsal.ts";
import { dataOf, type ReportContext } from "../../../rehearsal/reports/dataOf.ts";
import type { ReportData } from "../../../rehearsal/reports/reportData.ts";
import { settings } from "../../../support/settings.ts";
import { stack, urnOf } from "../timeline/resources.ts";

export const context: ReportContext = {
  stackFile: "stacks/Pulumi.dev.yaml",
  until: "destroy",
  parts: [
    { name: "Pulumi's engine", real: true, detail: "pulumi v3.250.0" },
    { name: "AWS", real: false, detail: "objects in memory" },
  ],
};

/** What came of a small stack. */
const passed: Rehearsal = {
  settings: settings({ cluster: { name: "dev", secretsKey: "aws-owned" } }),
  until: "destroy",
  problems: [],
  warnings: [],
  previewed: { create: 11 },
  resources: stack(),
  outputs: { kubeconfig: "the-secret" },
  checks: [{ name: "every node group is ACTIVE", failures: [] }],
  timedOut: [],
  deadlocks: [],
  leftBehind: [],
};

const wait = {
  urn: urnOf("kubernetes:apps/v1:Deployment", "tigera-operator:tigera-operator/tigera-operator"),
  what: "a node on which the operator's pod can run",
  providedBy: ["aws:eks/nodeGroup:NodeGroup"],
  timeoutSeconds: 600,
};

/** What came of a stack whose node group comes after the operator, which needs a node. */
export const deadlocked: Rehearsal = {
  ...passed,
  problems: ["it timed out\nwithout a node"],
  resources: [],
  checks: [],
  timedOut: [wait],
  deadlocks: [{ waiting: wait, blocked: urnOf("aws:eks/nodeGroup:NodeGroup", "dev-default") }],
  leftBehind: undefined,
};

/** The report's data of that, but for what a test changes. */
export function reportData(change: Partial<Rehearsal> = {}): ReportData {
  return dataOf({ ...passed, ...change }, context);
}
