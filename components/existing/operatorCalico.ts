import * as pulumi from "@pulumi/pulumi";
import { endpointNamespaces } from "../checks/existing/plan.ts";
import type { FoundFelix } from "../checks/existing/snapshot.ts";
import type { ApiServerAddress, ExistingSettings } from "../settings/existing.ts";
import { digest } from "../specs/annotations.ts";
import { endpointConfigMap, felixPatch, restart } from "./patches.ts";

export interface ExistingCalicoArgs {
  /** What Calico does. Plain: it decides which fields are taken over. */
  readonly settings: Pick<ExistingSettings, "calico" | "kubeProxy">;
  readonly address: ApiServerAddress;
  /** Whether the endpoint ConfigMap exists already, created by others. */
  readonly endpointIsThere: boolean;
  /** API version under which the cluster stores FelixConfiguration. */
  readonly felixApiVersion: FoundFelix["apiVersion"];
}

const namespace = endpointNamespaces.operator;

/** Prepares a Calico installed by its operator for the switch, and owns only the fields for it. */
export class OperatorCalico extends pulumi.ComponentResource {
  /** The last resources that must exist before the dataplane or kube-proxy changes. */
  readonly prepared: pulumi.Resource;

  constructor(name: string, args: ExistingCalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:OperatorCalico", name, {}, opts);
    const { settings, address, endpointIsThere: isThere, felixApiVersion: apiVersion } = args;
    const after = (...dependsOn: pulumi.Resource[]) => ({ parent: this, dependsOn });

    // Before the ConfigMap, so that it goes after it: an operator that has seen the ConfigMap forgets it only when it
    // restarts (tigera/operator pkg/controller/k8sapi), and calico-node would keep the address after a destroy.
    const operator = restart(
      { kind: "Deployment", namespace, name: "tigera-operator" },
      digest(address),
      after(),
    );
    const endpoint = endpointConfigMap({ namespace, address, isThere }, after(operator));
    // Before the switch, so that eBPF starts with the right configuration. On the way back for nothing: after a refresh of a
    // cluster whose operator died, `up` would wait for its Deployment first.
    const isForward = settings.calico.dataplane === "BPF";
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "operator" },
      after(...(isForward ? [endpoint] : [])),
    );
  }
}
