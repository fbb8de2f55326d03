import { charts } from "../../../../components/facts/charts.ts";
import type { Check, Live } from "../check.ts";
import { type LiveWorkload, workloadFinding, workloads } from "../reading/workloads.ts";

/** Field manager of EKS. */
const manager = "eks";

/** Whether the workloads of EKS add-ons and of this program's charts run. */
export const addOns: Check = {
  name: "add-ons",
  title: "the workloads of EKS add-ons and of this program's charts have all their pods",
  source: "EKS user guide, kubernetes-field-management: EKS applies as field manager eks",
  meaning:
    "What the add-on provides is missing, or runs with fewer pods. EKS may still report the add-on as active.",
  cure: "Follow the finding: kubectl describe pod and the pod's log say what it lacks; usually room on a node, an image, or the credentials of its service account.",
  needs: ["read"],
  appliesTo: async (live) => (await own(live)).length > 0 || "neither EKS nor this program has installed one",
  run: async (live) => Promise.all((await own(live)).map((one) => workloadFinding(live, one))),
};

async function own(live: Live): Promise<LiveWorkload[]> {
  return (await workloads(live)).filter(
    ({ namespace, name, managers }) =>
      managers.includes(manager) || (namespace === "kube-system" && Object.hasOwn(charts, name)),
  );
}
