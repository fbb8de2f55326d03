import { fieldKeepers } from "../../facts/fieldKeepers.ts";
import { lookUp } from "../../values/lookUp.ts";
import type { Problem } from "../../values/problem.ts";
import type { ClusterSnapshot, FoundKubeProxy, ParkingField } from "./snapshot.ts";

/** Label that no node has; the one that Calico's own guide uses. */
const nowhere = { key: "non-calico", value: "true" } as const;

/**
 * Which field keeps kube-proxy from every node: the guide's node selector where nobody has one. kubeadm has one, and to
 * add to it would be to own it whole and to take it away whole in the end; the affinity says the same beside it.
 */
export function parkingField({ parking }: FoundKubeProxy): ParkingField | undefined {
  if (parking.nodeSelector !== "taken") return "nodeSelector";
  return parking.nodeAffinity === "taken" ? undefined : "nodeAffinity";
}

/** The field, for the spec of kube-proxy's pods. */
export function parkedPod(field: ParkingField) {
  if (field === "nodeSelector") return { nodeSelector: { [nowhere.key]: nowhere.value } };
  const matchExpressions = [{ key: nowhere.key, operator: "In", values: [nowhere.value] }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

const object = "DaemonSet kube-proxy";

/** kube-proxy has to be there: it serves services before the switch and after the way back. */
export function kubeProxyMissing({ kubeProxy }: ClusterSnapshot): Problem[] {
  if (kubeProxy !== undefined) return [];
  return [
    {
      path: object,
      found: "it is not there in kube-system",
      needs: "it serves services until eBPF does, and again on the way back",
      fix: "Install it, or choose a cluster that has it",
    },
  ];
}

/** Rules on a kube-proxy that is to be kept from every node. */
export function parkingProblems(kubeProxy: FoundKubeProxy | undefined): Problem[] {
  if (kubeProxy === undefined) return [];
  const found = [...keeperProblems(kubeProxy), ...parkedBefore(kubeProxy)];
  if (parkingField(kubeProxy) !== undefined) return found;
  return [
    ...found,
    {
      path: object,
      found: "its pods have both a node selector and a required node affinity",
      needs: "one of the two has to be free to keep them from every node, and to be given back",
      fix: "Say in one of them what both say now, or set kubeProxy: Running",
    },
  ];
}

/** IPVS keeps its own addresses on every node, which only a restart of the node removes. */
export function modeProblems(kubeProxy: FoundKubeProxy | undefined): Problem[] {
  if (kubeProxy?.mode !== "ipvs") return [];
  return [
    {
      path: `${object}, mode`,
      found: "ipvs",
      needs: "its rules would stay beside eBPF's",
      fix: "Set mode: iptables in its configuration, and restart the nodes",
    },
  ];
}

function keeperProblems({ labels, annotations }: FoundKubeProxy): Problem[] {
  const marks = [
    ...Object.keys(labels).map((key) => ({ key, keeper: lookUp(fieldKeepers.labels, key) })),
    ...Object.keys(annotations).map((key) => ({ key, keeper: lookUp(fieldKeepers.annotations, key) })),
  ];
  return marks.flatMap(({ key, keeper }) =>
    keeper === undefined
      ? []
      : [
          {
            path: object,
            found: `${key} says that ${keeper.name} manages it`,
            needs: "what manages it would bring its pods back",
            fix: keeper.fix,
          },
        ],
  );
}

/** By hand, as the guide says. */
function parkedBefore({ nodeSelector, parking }: FoundKubeProxy): Problem[] {
  if (parking.nodeSelector !== "taken" || !(nowhere.key in nodeSelector)) return [];
  return [
    {
      path: `${object}, nodeSelector`,
      found: `someone else has set ${nowhere.key}`,
      needs: "it would stay after a destroy, and leave the cluster without services",
      fix: "Remove it; this program sets it when eBPF is on",
    },
  ];
}
