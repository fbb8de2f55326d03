import type { kubeProxyState } from "../../kubernetes/addons.ts";
import type { CloudView } from "../../kubernetes/cloudView.ts";
import type { NodeReport } from "../../kubernetes/felix.ts";
import type { Instance } from "../../world/instance.ts";

/** What the simulated nodes are in. */
export interface Surroundings
  extends Pick<
    CloudView,
    "allows" | "allowsFromPod" | "allowsFromControlPlane" | "controlPlaneIp" | "endpointHost" | "hasInternet"
  > {
  nodes(): readonly Instance[];
  /** calico-node on every node. */
  reports(): readonly NodeReport[];
  kubeProxy(): ReturnType<typeof kubeProxyState>;
}
