import type { Values } from "../protocol/provider.ts";
import { at, type KubernetesObject } from "./object.ts";

/** Kind of a CustomResourceDefinition, with its version. */
export const definitionKind = "apiextensions.k8s.io/v1/CustomResourceDefinition";

interface Version {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly schema?: { readonly openAPIV3Schema?: Values };
}

export function isDefinition({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  return `${apiVersion}/${kind}` === definitionKind;
}

/** The definition that the operator brings for a kind: `operator.tigera.io/v1/Installation`. Its schema is cut short. */
export function operatorDefinition(kindAndVersion: string): KubernetesObject {
  const [group = "", version = "", kind = ""] = kindAndVersion.split("/");
  const plural = `${kind.toLowerCase()}s`;
  const field = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "controller-gen.kubebuilder.io/version": "v0.18.0" },
    },
    spec: {
      group,
      scope: "Cluster",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: field, status: field } } },
          subresources: { status: {} },
        },
      ],
    },
  };
}

/** Why the API server refuses a definition; undefined: it does not. */
export function refusesDefinition(definition: KubernetesObject): string | undefined {
  const { name } = definition.metadata;
  const [group, plural] = [at(definition, "spec.group"), at(definition, "spec.names.plural")];
  const versions = versionsOf(definition);
  const problems = [
    ...(name === `${plural}.${group}`
      ? []
      : [`metadata.name: Invalid value: "${name}": must be spec.names.plural+"."+spec.group`]),
    ...(versions.filter(({ storage }) => storage === true).length === 1
      ? []
      : ["spec.versions: Invalid value: must have exactly one version marked as storage version"]),
    ...versions.flatMap(({ schema }, index) =>
      at(schema, "openAPIV3Schema.type") === "object"
        ? []
        : [`spec.versions[${index}].schema.openAPIV3Schema: Required value: schemas are required`],
    ),
  ];
  return problems.length === 0
    ? undefined
    : `CustomResourceDefinition.apiextensions.k8s.io "${name}" is invalid: ${problems.join(", ")}`;
}

/** Whether a definition makes the API server serve a kind. */
export function defines(
  definition: KubernetesObject,
  { apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">,
): boolean {
  return (
    at(definition, "spec.names.kind") === kind &&
    versionsOf(definition).some(
      ({ name, served }) => served === true && `${at(definition, "spec.group")}/${name}` === apiVersion,
    )
  );
}

/** The object without the fields that its definition does not know, which the API server drops without a word. */
export function withoutUnknownFields(
  object: KubernetesObject,
  definition: KubernetesObject,
): KubernetesObject {
  const [, version] = object.apiVersion.split("/");
  const schema = versionsOf(definition).find(({ name }) => name === version)?.schema?.openAPIV3Schema ?? {};
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return object;
  const known = new Set([
    "apiVersion",
    "kind",
    "metadata",
    ...Object.keys((schema["properties"] ?? {}) as object),
  ]);
  return Object.fromEntries(
    Object.entries(object).filter(([field]) => known.has(field)),
  ) as unknown as KubernetesObject;
}

function versionsOf(definition: KubernetesObject): readonly Version[] {
  return (at(definition, "spec.versions") ?? []) as readonly Version[];
}
