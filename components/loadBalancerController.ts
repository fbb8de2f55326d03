import * as pulumi from "@pulumi/pulumi";
import { HelmChart } from "./helmChart.ts";
import type { Settings } from "./settings/settings.ts";
import { pinnedChart } from "./specs/helmChart.ts";
import { controllerName, controllerNamespace, controllerValues } from "./specs/loadBalancers.ts";

export interface LoadBalancerControllerArgs {
  readonly settings: Settings;
  readonly vpcId: pulumi.Input<string>;
  /** Must exist before its pods: a network that works, DNS, and their credentials. */
  readonly after: pulumi.Input<pulumi.Resource>[];
}

/** The AWS Load Balancer Controller: makes load balancers for Services and Ingresses, with nodes as their targets. */
export class LoadBalancerController extends pulumi.ComponentResource {
  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:LoadBalancerController", name, {}, opts);
    const { settings, vpcId, after } = args;
    new HelmChart(
      name,
      {
        release: pinnedChart(settings, controllerName),
        namespace: controllerNamespace,
        values: controllerValues(settings, vpcId),
      },
      { parent: this, dependsOn: after },
    );
  }
}
