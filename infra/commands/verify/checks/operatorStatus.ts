import type { Check, Finding } from "../check.ts";
import { oneLine } from "../cluster/clusterError.ts";
import { type CalicoObject, installation, tigeraStatuses } from "../reading/calico.ts";

/** What Calico's operator says of its own work. */
export const operatorStatus: Check = {
  name: "operator-status",
  title: "the operator calls every part of Calico available, and none degraded",
  source: "tigera/operator api/v1/tigerastatus_types.go",
  meaning: "The operator has not done, or cannot do, what the Installation asks for.",
  cure: "Do what the message says; the operator's log has more. Where it refuses to override bpfEnabled, remove the field and the annotation operator.tigera.io/bpfEnabled from FelixConfiguration default.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await installation(live)) === undefined ? "Calico was not installed by its operator" : true,
  async run(live) {
    return ((await tigeraStatuses(live)) ?? []).map(findingOf);
  },
};

function findingOf({ metadata: { name }, status = {} }: CalicoObject): Finding {
  const condition = (wanted: string) => status.conditions?.find(({ type }) => type === wanted);
  const degraded = condition("Degraded");
  const available = condition("Available");
  if (degraded?.status === "True") {
    return { verdict: "failed", evidence: `${name} is degraded: ${oneLine(degraded.message ?? "")}` };
  }
  if (available?.status !== "True") {
    const why = oneLine(available?.message || condition("Progressing")?.message || "it does not say why");
    return { verdict: "failed", evidence: `${name} is not available: ${why}` };
  }
  return { verdict: "passed", evidence: `${name} is available` };
}
