import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dataplaneAnnotation, deleteInBackground, doNotWait, gate } from "./rules/annotations.ts";
import { felixApiVersion } from "./rules/apiGroup.ts";
import { chartSource } from "./rules/chartSource.ts";
import { felixSpec } from "./rules/felixConfiguration.ts";
import { installationSpec } from "./rules/installation.ts";
import { operatorValues } from "./rules/operatorValues.ts";
import type { Settings } from "./rules/settings/settings.ts";

export interface CalicoArgs {
  /** The settings that Calico follows. Plain: they decide which resources exist. */
  readonly settings: Pick<Settings, "calico" | "kubeProxy" | "nodePools">;
  /** `https://…`, the cluster's endpoint. */
  readonly endpoint: pulumi.Input<string>;
}

/** Namespace of the operator; it reads the endpoint ConfigMap from its own. */
const operatorNamespace = "tigera-operator";

const operatorApi = "operator.tigera.io/v1";

/**
 * Calico by its operator. The operator's pod needs no pod network and tolerates nodes that are not ready: it starts on
 * the first node that joins, so that node pools start beside this component, never after it.
 */
export class Calico extends pulumi.ComponentResource {
  /** Holds the API server's address; needed before the first node. */
  readonly endpointConfigMap: pulumi.Resource;
  /** Passed once the operator has switched to the dataplane; what touches kube-proxy comes after it. */
  readonly dataplaneGate: pulumi.Resource;
  /** Installation and all that belongs to it; the ready gate comes after it. */
  readonly installed: pulumi.Resource[];

  constructor(name: string, args: CalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Calico", name, {}, opts);
    const { settings, endpoint } = args;
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
    const operator = new kubernetes.helm.v4.Chart(
      "tigera-operator",
      {
        ...chartSource(calico.chartRepository, "tigera-operator"),
        version: `v${calico.version}`,
        namespace: operatorNamespace,
        values: operatorValues(settings),
      },
      after(this.endpointConfigMap),
    );
    const felixApi = felixApiVersion(calico.version);
    // Before the Installation, so that Felix's first start is already right.
    const felix = new kubernetes.apiextensions.CustomResource(
      "felix-configuration",
      {
        apiVersion: felixApi,
        kind: "FelixConfiguration",
        metadata: { name: "default", annotations: { ...doNotWait } },
        spec: felixSpec(settings),
      },
      after(operator),
    );
    const installation = new kubernetes.apiextensions.CustomResource(
      "installation",
      {
        apiVersion: operatorApi,
        kind: "Installation",
        metadata: { name: "default", annotations: { ...doNotWait, ...deleteInBackground } },
        spec: installationSpec(settings),
      },
      after(felix),
    );
    const apiServer = calico.apiServer ? [this.#apiServer(installation)] : [];
    // Annotations only: the fields stay whose they are.
    this.dataplaneGate = new kubernetes.apiextensions.CustomResourcePatch(
      "dataplane-gate",
      {
        apiVersion: felixApi,
        kind: "FelixConfiguration",
        metadata: {
          name: "default",
          annotations: {
            ...gate(`jsonpath={.spec.bpfEnabled}=${calico.dataplane === "BPF"}`, 900, "dataplane-gate"),
            [dataplaneAnnotation]: calico.dataplane,
          },
        },
      },
      after(installation),
    );
    this.installed = [installation, ...apiServer];
    this.registerOutputs({});
  }

  #apiServer(installation: pulumi.Resource): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      "api-server",
      {
        apiVersion: operatorApi,
        kind: "APIServer",
        metadata: { name: "default", annotations: { ...deleteInBackground } },
        spec: {},
      },
      { parent: this, dependsOn: installation },
    );
  }
}
