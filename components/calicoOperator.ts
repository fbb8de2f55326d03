import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HelmChart } from "./helmChart.ts";
import type { Settings } from "./settings/settings.ts";
import { doNotWait } from "./specs/annotations.ts";
import { felixApiVersion, felixSpec } from "./specs/felixConfiguration.ts";
import { operatorValues } from "./specs/operatorChart.ts";

export interface CalicoOperatorArgs {
  /** The settings that decide Calico. Plain: they decide which resources exist. */
  readonly settings: Pick<Settings, "calico" | "kubeProxy" | "nodePools">;
  /** `https://…`, the cluster's endpoint. */
  readonly endpoint: pulumi.Input<string>;
  /** The kinds of Calico's objects. */
  readonly crds: pulumi.Resource[];
}

/** Namespace of the operator; it reads the endpoint ConfigMap from its own. */
const operatorNamespace = "tigera-operator";

/**
 * Calico's operator and what it needs to install Calico. Its pod needs no pod network and tolerates nodes that are not
 * ready: it starts on the first node that joins. Nothing here waits for that; the gates check its health.
 */
export class CalicoOperator extends pulumi.ComponentResource {
  /** Holds the API server's address; needed before the first node. */
  readonly endpointConfigMap: pulumi.Resource;
  /** The operator's chart, once all of it is submitted. */
  readonly operator: pulumi.Resource;
  /** The last resources that must exist before Calico is installed or kube-proxy changed. Needs no operator. */
  readonly felixConfiguration: pulumi.Resource;

  constructor(name: string, args: CalicoOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Calico", name, {}, opts);
    const { settings, endpoint, crds } = args;
    const { calico } = settings;
    const after = (...dependsOn: pulumi.Resource[]) => ({ parent: this, dependsOn });

    const namespace = new kubernetes.core.v1.Namespace(
      operatorNamespace,
      {
        metadata: {
          name: operatorNamespace,
          // The operator's pod uses the host's network.
          labels: { name: operatorNamespace, "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      { parent: this },
    );
    this.endpointConfigMap = new kubernetes.core.v1.ConfigMap(
      "kubernetes-services-endpoint",
      {
        metadata: { name: "kubernetes-services-endpoint", namespace: operatorNamespace },
        // A name, never an address: AWS replaces the addresses behind it.
        data: {
          KUBERNETES_SERVICE_HOST: pulumi.output(endpoint).apply((url) => new URL(url).hostname),
          KUBERNETES_SERVICE_PORT: "443",
        },
      },
      after(namespace),
    );
    this.operator = new HelmChart(
      "tigera-operator",
      {
        release: {
          chart: "tigera-operator",
          repository: calico.chartRepository,
          version: `v${calico.version}`,
        },
        namespace: operatorNamespace,
        values: operatorValues(settings),
        // Its pod needs a node, and an emergency reversal must not wait for it.
        skipAwait: true,
      },
      after(this.endpointConfigMap),
    );
    // Before the Installation, so that Felix starts with the right configuration.
    this.felixConfiguration = new kubernetes.apiextensions.CustomResource(
      "felix-configuration",
      {
        apiVersion: felixApiVersion(calico.version),
        kind: "FelixConfiguration",
        metadata: { name: "default", annotations: { ...doNotWait } },
        spec: felixSpec(settings),
      },
      after(this.endpointConfigMap, ...crds),
    );
  }
}
