import { calicoVersions } from "../facts/calicoVersions.ts";
import { lookUp } from "./lookUp.ts";
import { compareVersions } from "./versionOrder.ts";

/**
 * API version under which a new cluster of these versions stores FelixConfiguration. From Calico 3.33 on the operator
 * installs native v3 resources where Kubernetes serves MutatingAdmissionPolicy, which on EKS is from 1.36 on. A cluster
 * that was upgraded to such versions keeps the older group until it is migrated.
 */
export function felixApiVersion(
  calicoVersion: string,
  kubernetesVersion: string,
): "crd.projectcalico.org/v1" | "projectcalico.org/v3" {
  const nativeFrom = lookUp(calicoVersions, calicoVersion)?.felixApiGroup.nativeFrom;
  const native = nativeFrom !== undefined && compareVersions(kubernetesVersion, nativeFrom) >= 0;
  return native ? "projectcalico.org/v3" : "crd.projectcalico.org/v1";
}
