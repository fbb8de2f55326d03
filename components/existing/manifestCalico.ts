import * as pulumi from "@pulumi/pulumi";
import { endpointNamespaces, rolloutSeconds } from "../checks/existing/plan.ts";
import type { FoundWorkload } from "../checks/existing/snapshot.ts";
import { digest } from "../specs/annotations.ts";
import { endpointConfigMap } from "./endpointConfigMap.ts";
import { felixPatch } from "./felixPatch.ts";
import { kubeletDelay } from "./kubeletDelay.ts";
import type { ExistingCalicoArgs } from "./operatorCalico.ts";
import { restart } from "./restart.ts";

export interface ManifestCalicoArgs extends ExistingCalicoArgs {
  /** What is restarted to learn the API server's address. Plain: it decides which resources exist. */
  readonly workloads: readonly FoundWorkload[];
  /** Number of nodes, by which the time of a rollout is judged. */
  readonly nodeCount: number;
}

const namespace = endpointNamespaces.manifest;

/** Prepares a Calico that its manifest installed for the switch, and owns nothing but the fields for it. */
export class ManifestCalico extends pulumi.ComponentResource {
  /** The last of what has to be there before the dataplane or kube-proxy changes. */
  readonly prepared: pulumi.Resource;

  constructor(name: string, args: ManifestCalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:ManifestCalico", name, {}, opts);
    const { settings, address, endpointIsThere: isThere, felixApiVersion: apiVersion } = args;
    const version = digest(address);
    const endpoint = endpointConfigMap({ namespace, address, isThere }, { parent: this });
    const delay = kubeletDelay({ namespace, version }, { parent: this, dependsOn: endpoint });
    const seconds = rolloutSeconds(args.nodeCount);
    const restarted = args.workloads.map((workload) =>
      restart({ ...workload, namespace }, version, {
        parent: this,
        dependsOn: delay,
        // Not as an annotation: the number of nodes changes, and is nobody's change of the cluster.
        customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
      }),
    );
    // On the way back the rollouts are over, and unchanged: a calico-node that does not start holds nothing up.
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "manifest" },
      { parent: this, dependsOn: restarted },
    );
    this.registerOutputs({});
  }
}
