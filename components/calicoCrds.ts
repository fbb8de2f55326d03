import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Crd, calicoCrds } from "./specs/operatorChart.ts";

export interface CalicoCrdsArgs {
  /** Calico release: decides the API group of FelixConfiguration. Plain. */
  readonly calicoVersion: string;
  /** Names of those that the operator has put into the cluster already. */
  readonly ofOperator: readonly string[];
}

/**
 * The kinds of what the operator is to find when it starts, so that it can be submitted before there is a node. Each has
 * one version and an open schema; the operator puts its own in the place of that, and from then on the definition is its.
 */
export class CalicoCrds extends pulumi.ComponentResource {
  /** What has to be there before an object of these kinds. */
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
            // The operator's, for as long as it lives.
            ignoreChanges: ["spec", "metadata.annotations", "metadata.labels"],
            // It would take every object of its kind along.
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
