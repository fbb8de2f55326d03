import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HelmChart } from "./helmCharts.ts";
import type { Settings } from "./settings/settings.ts";
import { deleteInBackground, doNotWait } from "./specs/annotations.ts";
import {
  type Crd,
  calicoCrds,
  dataplaneType,
  felixApiVersion,
  felixSpec,
  installationSpec,
  operatorApi,
  operatorValues,
} from "./specs/calico.ts";

export interface CalicoCrdsArgs {
  /** Calico release: decides the API group of FelixConfiguration. Plain. */
  readonly calicoVersion: string;
  /** Names of the CRDs that the operator has already installed. */
  readonly ofOperator: readonly string[];
}

/**
 * The CRDs that must exist before the operator starts, so that its objects can be submitted before there is a node. Each has
 * one version and an open schema; the operator replaces it with its own schema, and owns the definition from then on.
 */
export class CalicoCrds extends pulumi.ComponentResource {
  /** Must exist before an object of these kinds. */
  readonly definitions: pulumi.Resource[];

  constructor(name: string, args: CalicoCrdsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:CalicoCrds", name, {}, opts);
    this.definitions = calicoCrds(args.calicoVersion).map(
      (crd) =>
        new kubernetes.apiextensions.v1.CustomResourceDefinition(
          crd.name,
          { metadata: { name: crd.name }, spec: openSpec(crd) },
          {
            parent: this,
            // The operator owns them while it runs.
            ignoreChanges: ["spec", "metadata.annotations", "metadata.labels"],
            // Deleting it would delete every object of its kind.
            retainOnDelete: true,
            ...(args.ofOperator.includes(crd.name) ? { import: crd.name } : {}),
          },
        ),
    );
  }
}

function openSpec({
  group,
  version,
  kind,
  plural,
}: Crd): kubernetes.types.input.apiextensions.v1.CustomResourceDefinitionSpec {
  return {
    group,
    scope: "Cluster",
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
        subresources: { status: {} },
      },
    ],
  };
}

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
