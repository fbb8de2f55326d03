import { Ec2Error } from "./aws/ec2.ts";
import type { Check, Finding, Live, Outcome, Verdict } from "./check.ts";
import { ClusterError } from "./cluster/clusterError.ts";
import { nodes } from "./reading/nodes.ts";

/** Runs a check and says what it came to. What kept it from looking makes it unknown, never passed. */
export async function judge(check: Check, live: Live): Promise<Outcome> {
  const began = performance.now();
  const { name, title } = check;
  const outcome = (verdict: Outcome["verdict"], findings: readonly Finding[]): Outcome => ({
    name,
    title,
    verdict,
    findings,
    seconds: (performance.now() - began) / 1000,
  });
  try {
    const applies = (await check.appliesTo?.(live)) ?? true;
    if (applies !== true) return outcome("not applicable", [{ verdict: "unknown", evidence: applies }]);
    const findings = await findingsOf(check, live);
    return outcome(verdictOf(findings), findings);
  } catch (error) {
    live.signal.throwIfAborted();
    if (!(error instanceof ClusterError || error instanceof Ec2Error)) throw error;
    return outcome("unknown", [{ verdict: "unknown", evidence: error.message }]);
  }
}

/** Failed where anything failed; passed only where something was seen, and all of it passed. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ verdict }) => verdict === "failed")) return "failed";
  if (findings.length === 0 || findings.some(({ verdict }) => verdict === "unknown")) return "unknown";
  return "passed";
}

async function findingsOf(check: Check, live: Live): Promise<readonly Finding[]> {
  if ((await nodes(live)).length === 0) {
    return [{ verdict: "unknown", evidence: "the cluster has no node to look at" }];
  }
  const findings = await check.run(live);
  return findings.length > 0 ? findings : [{ verdict: "unknown", evidence: "there was nothing to look at" }];
}
