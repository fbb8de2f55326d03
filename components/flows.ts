import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { deleteInBackground } from "./specs/annotations.ts";
import { dataplaneType, operatorApi } from "./specs/installation.ts";

export interface FlowsArgs {
  /** The Installation and the dataplane gate: the operator runs, and its kinds exist. */
  readonly after: pulumi.Resource[];
}

/** Goldmane and Whisker: the cluster's flows, and a page that shows them. Each after its source. */
export class Flows extends pulumi.ComponentResource {
  readonly installed: pulumi.Resource[];

  constructor(name: string, args: FlowsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Flows", name, {}, opts);
    const goldmane = this.#custom("Goldmane", {}, args.after);
    // Stops Whisker fetching announcements from tigera.io.
    const whisker = this.#custom("Whisker", { notifications: "Disabled" }, [goldmane]);
    this.installed = [goldmane, whisker];
  }

  #custom(kind: string, spec: object, dependsOn: pulumi.Resource[]): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      kind.toLowerCase(),
      {
        apiVersion: operatorApi,
        kind,
        metadata: { name: "default", annotations: { ...deleteInBackground } },
        spec,
      },
      // Their parent before they were separated from the Installation.
      { parent: this, dependsOn, aliases: [{ parent: pulumi.createUrn("dataplane", dataplaneType) }] },
    );
  }
}
