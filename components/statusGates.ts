import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";
import { gate } from "./specs/annotations.ts";
import { operatorApi } from "./specs/installation.ts";

export interface StatusGatesArgs {
  /** Plain. */
  readonly settings: Pick<Settings, "calico">;
  /** DNS that answers, never less: calico-apiserver has the host's network and resolves the API server's name by it. */
  readonly after: pulumi.Resource[];
}

/**
 * Passed once the operator reports every part of Calico Available that the Installation's condition does not cover:
 * the IP pools, calico-apiserver and the tiers. Nothing comes after them, so that they hold nothing up. They wait once, when
 * the cluster comes up; a later `up` warns of what is not Available (infra/readiness.ts).
 *
 * Source: tigera/operator v1.42.4 and v1.43.0, pkg/controller/{ippool,apiserver,tiers} and pkg/render/apiserver.go
 * (hostNetwork under EKS with Calico's CNI, dnsPolicy ClusterFirstWithHostNet).
 */
export class StatusGates extends pulumi.ComponentResource {
  constructor(name: string, args: StatusGatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:StatusGates", name, {}, opts);
    for (const status of statuses(args.settings.calico)) {
      new kubernetes.apiextensions.CustomResourcePatch(
        status,
        {
          apiVersion: operatorApi,
          kind: "TigeraStatus",
          metadata: {
            name: status,
            annotations: {
              // While it is degraded it is never Available (pkg/controller/status/status.go).
              ...gate("condition=Available", 600, "status-gate"),
            },
          },
        },
        {
          parent: this,
          dependsOn: args.after,
          // The operator's own updates of a status may drop them: seen with v1.42.4, a few seconds after the `up`.
          ignoreChanges: ["metadata.annotations"],
        },
      );
    }
  }
}

/** With another CNI there is no pool. Without Calico's API server there is no status apiserver, and tiers never becomes Available. */
function statuses({ apiServer, cni }: Pick<Settings["calico"], "apiServer" | "cni">): readonly string[] {
  return [...(cni === "Calico" ? ["ippools"] : []), ...(apiServer ? ["apiserver", "tiers"] : [])];
}
