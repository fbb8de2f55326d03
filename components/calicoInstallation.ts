import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";
import { deleteInBackground, doNotWait } from "./specs/annotations.ts";
import { dataplaneType, installationSpec, operatorApi } from "./specs/installation.ts";

export interface CalicoInstallationArgs {
  /** The settings that decide the Installation. Plain: they decide which resources exist. */
  readonly settings: Pick<Settings, "calico" | "nodePools" | "observability">;
  /** FelixConfiguration, and kube-proxy where it runs; never anything that waits for the operator or a node. */
  readonly after: pulumi.Resource[];
}

/** What the operator installs. Submitted before the first node; waits for nothing. */
export class CalicoInstallation extends pulumi.ComponentResource {
  /** The Installation and its dependencies. */
  readonly installed: pulumi.Resource[];

  constructor(name: string, args: CalicoInstallationArgs, opts?: pulumi.ComponentResourceOptions) {
    super(dataplaneType, name, {}, opts);
    const { calico } = args.settings;

    const installation = new kubernetes.apiextensions.CustomResource(
      "installation",
      {
        apiVersion: operatorApi,
        kind: "Installation",
        metadata: { name: "default", annotations: { ...doNotWait, ...deleteInBackground } },
        spec: installationSpec(args.settings),
      },
      { parent: this, dependsOn: args.after },
    );
    const apiServer = calico.apiServer
      ? [
          new kubernetes.apiextensions.CustomResource(
            "api-server",
            {
              apiVersion: operatorApi,
              kind: "APIServer",
              metadata: { name: "default", annotations: { ...deleteInBackground } },
              spec: {},
            },
            { parent: this, dependsOn: installation },
          ),
        ]
      : [];
    this.installed = [installation, ...apiServer];
  }
}
