import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Crd, calicoCrds } from "./specs/operatorChart.ts";

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
