import { calicoVersions } from "../facts/calicoVersions.ts";
import { lookUp } from "../values/lookUp.ts";

/** API version under which a Calico release stores FelixConfiguration. */
export function felixApiVersion(calicoVersion: string): "crd.projectcalico.org/v1" | "projectcalico.org/v3" {
  return lookUp(calicoVersions, calicoVersion)?.felixApiVersion ?? "crd.projectcalico.org/v1";
}
