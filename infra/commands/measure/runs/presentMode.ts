import { UserError } from "../../shared/errors.ts";
import type { Live } from "../../verify/check.ts";
import { felixConfigurations, installation } from "../../verify/reading/calico.ts";
import { type ModeName, modeOf } from "../plan/modes.ts";

/**
 * The mode that a cluster is in, by its own objects.
 * @throws UserError when Calico does not say
 */
export async function presentMode(live: Live): Promise<ModeName> {
  const [calico, felix] = await Promise.all([installation(live), felixConfigurations(live)]);
  const spec = felix?.find(({ metadata }) => metadata.name === "default")?.spec ?? {};
  const network = calico?.spec?.["calicoNetwork"] as { linuxDataplane?: string } | undefined;
  const isBpf = network === undefined ? spec["bpfEnabled"] === true : network.linuxDataplane === "BPF";
  if (felix === undefined && calico === undefined) {
    throw new UserError(`measure: there is no Calico in the cluster of ${live.target.name}.`);
  }
  return modeOf({
    dataplane: isBpf ? "BPF" : "Iptables",
    externalService: spec["bpfExternalServiceMode"] === "DSR" ? "DSR" : "Tunnel",
  });
}
