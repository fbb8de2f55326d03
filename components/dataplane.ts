import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dataplaneAnnotation, deleteInBackground, doNotWait, gate } from "./rules/annotations.ts";
import { felixApiVersion } from "./rules/apiGroup.ts";
import { installationSpec } from "./rules/installation.ts";
import type { Settings } from "./rules/settings/settings.ts";

export interface DataplaneArgs {
  /** The settings that the Installation follows. Plain: they decide which resources exist. */
  readonly settings: Pick<Settings, "calico" | "nodePools" | "observability">;
  /** The operator with its FelixConfiguration; on the way back to iptables also kube-proxy, which serves from then on. */
  readonly after: pulumi.Resource[];
}

const operatorApi = "operator.tigera.io/v1";

/** Calico as the operator is to install it, and the switch between its dataplanes. */
export class Dataplane extends pulumi.ComponentResource {
  /** Passed once the operator has switched to the dataplane. Does not wait for health. */
  readonly gate: pulumi.Resource;
  /** Installation and all that belongs to it; the ready gate comes after it. */
  readonly installed: pulumi.Resource[];

  constructor(name: string, args: DataplaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Dataplane", name, {}, opts);
    const { calico } = args.settings;
    const child = (...dependsOn: pulumi.Resource[]) => ({ parent: this, dependsOn });

    const installation = new kubernetes.apiextensions.CustomResource(
      "installation",
      {
        apiVersion: operatorApi,
        kind: "Installation",
        metadata: { name: "default", annotations: { ...doNotWait, ...deleteInBackground } },
        spec: installationSpec(args.settings),
      },
      child(...args.after),
    );
    // Annotations only: the fields stay whose they are.
    this.gate = new kubernetes.apiextensions.CustomResourcePatch(
      "dataplane-gate",
      {
        apiVersion: felixApiVersion(calico.version),
        kind: "FelixConfiguration",
        metadata: {
          name: "default",
          annotations: {
            ...gate(`jsonpath={.spec.bpfEnabled}=${calico.dataplane === "BPF"}`, 900, "dataplane-gate"),
            [dataplaneAnnotation]: calico.dataplane,
          },
        },
      },
      child(installation),
    );
    const apiServer = calico.apiServer ? [this.#custom("APIServer", "api-server", {}, [installation])] : [];
    this.installed = [
      installation,
      ...apiServer,
      ...(args.settings.observability.flows ? this.#flows([installation, ...apiServer]) : []),
    ];
    this.registerOutputs({});
  }

  /** Each after what it reads from, so that it also goes before it. */
  #flows(after: pulumi.Resource[]): pulumi.Resource[] {
    const goldmane = this.#custom("Goldmane", "goldmane", {}, after);
    // It would ask an address of its maker's for news.
    const whisker = this.#custom("Whisker", "whisker", { notifications: "Disabled" }, [goldmane]);
    return [goldmane, whisker];
  }

  #custom(kind: string, name: string, spec: object, dependsOn: pulumi.Resource[]): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: operatorApi,
        kind,
        metadata: { name: "default", annotations: { ...deleteInBackground } },
        spec,
      },
      { parent: this, dependsOn },
    );
  }
}
