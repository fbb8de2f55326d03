import { at, type KubernetesObject } from "../kubernetes/object.ts";
import type { Fulfilment } from "../kubernetes/waitFor.ts";

/** Whether a workload has rolled out; other kinds are done when they are written. */
export function rollout(object: KubernetesObject): Fulfilment {
  const number = (path: string) => Number(at(object, path) ?? 0);
  const observed = number("status.observedGeneration") >= number("metadata.generation");
  switch (`${object.apiVersion}/${object.kind}`) {
    case "apps/v1/Deployment":
      return of({
        observed,
        wanted: Number(at(object, "spec.replicas") ?? 1),
        updated: number("status.updatedReplicas"),
        available: number("status.availableReplicas"),
        total: number("status.replicas"),
      });
    case "apps/v1/DaemonSet":
      return of({
        observed,
        wanted: number("status.desiredNumberScheduled"),
        updated: number("status.updatedNumberScheduled"),
        available: number("status.numberAvailable"),
        total: number("status.desiredNumberScheduled"),
      });
    default:
      return { holds: true, message: "" };
  }
}

interface Counts {
  readonly observed: boolean;
  readonly wanted: number;
  readonly updated: number;
  readonly available: number;
  readonly total: number;
}

function of({ observed, wanted, updated, available, total }: Counts): Fulfilment {
  const holds = observed && updated >= wanted && available >= wanted && total <= wanted;
  const former = total > wanted ? `, ${total - wanted} too many still there` : "";
  const pods = `${available} of ${wanted} pods available, ${updated} of them as specified now${former}`;
  return { holds, message: observed ? pods : "its controller has not seen the change yet" };
}
