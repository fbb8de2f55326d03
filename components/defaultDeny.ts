import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { defaultDenyLabel, fieldManager } from "./specs/annotations.ts";
import { allowDnsAndApiServer, denyByDefault } from "./specs/networkPolicies.ts";

export interface DefaultDenyArgs {
  /** Namespaces that get the policies. Plain: they decide which resources exist. */
  readonly namespaces: readonly string[];
  /** Blocks of the control-plane subnets, which contain the API server's addresses. */
  readonly apiServerCidrs: readonly string[];
  /** Whether their pods reach the agent that gives them AWS credentials. */
  readonly allowPodIdentity: boolean;
  /** Calico and DNS: what enforces a policy, and what it allows. */
  readonly after: pulumi.Resource[];
}

/**
 * Default deny in some namespaces, with DNS and the API server allowed. A Kubernetes NetworkPolicy: it is checked by
 * every API server and does not change when Calico changes its API group.
 */
export class DefaultDeny extends pulumi.ComponentResource {
  constructor(name: string, args: DefaultDenyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:DefaultDeny", name, {}, opts);
    const { namespaces, apiServerCidrs, allowPodIdentity, after } = args;
    for (const namespace of namespaces) {
      // A patch creates the namespace where there is none, and keeps it with everything in it when the patch is deleted.
      const patch = new kubernetes.core.v1.NamespacePatch(
        namespace,
        {
          metadata: {
            name: namespace,
            labels: { [defaultDenyLabel]: "true" },
            annotations: fieldManager("default-deny"),
          },
        },
        { parent: this, dependsOn: after },
      );
      const allowed = this.#policy(
        namespace,
        "allow-dns-and-api-server",
        allowDnsAndApiServer(apiServerCidrs, allowPodIdentity),
        [patch],
      );
      // Last, so that it is deleted first.
      this.#policy(namespace, "default-deny", denyByDefault(), [allowed]);
    }
  }

  #policy(
    namespace: string,
    name: string,
    spec: kubernetes.types.input.networking.v1.NetworkPolicySpec,
    dependsOn: pulumi.Resource[],
  ): pulumi.Resource {
    return new kubernetes.networking.v1.NetworkPolicy(
      `${namespace}-${name}`,
      { metadata: { name, namespace }, spec },
      { parent: this, dependsOn },
    );
  }
}
