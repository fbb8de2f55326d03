import type resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import { plain, secretNames } from "./wire.ts";

/** A resource as the program registered it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** A resource of a provider; otherwise a component. */
  readonly custom: boolean;
  /** A component that its provider constructs. */
  readonly remote: boolean;
  /** Plain values; `runtime.unknownValue` for what a preview cannot know. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the inputs that hold a secret. */
  readonly secretInputs: readonly string[];
  /** URN; "" for the stack itself. */
  readonly parent: string;
  /** URNs, from dependsOn and from inputs. */
  readonly dependencies: readonly string[];
  /** URNs by input. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** URN and id; "" for the default provider. */
  readonly provider: string;
  readonly protect: boolean;
  /** URN; "" for none. */
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
}

export interface Deployment {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
}

export const stackType = "pulumi:pulumi:Stack";

/**
 * Reads a registration.
 * @param raw the inputs as they were sent, with the marks of secrets and outputs
 */
export function registration(
  request: resourcePb.RegisterResourceRequest,
  raw: Readonly<Record<string, unknown>>,
  { project, stack }: Deployment,
): Registered {
  const { type, name, parent, ...rest } = request.toObject();
  return {
    urn: `urn:pulumi:${stack}::${project}::${ancestry(parent)}${type}::${name}`,
    type,
    name,
    custom: rest.custom,
    remote: rest.remote,
    inputs: plain(raw) as Record<string, unknown>,
    secretInputs: secretNames(raw),
    parent,
    dependencies: rest.dependenciesList,
    propertyDependencies: Object.fromEntries(
      rest.propertydependenciesMap.map(([property, { urnsList }]) => [property, urnsList]),
    ),
    provider: rest.provider,
    protect: rest.protect ?? false,
    deletedWith: rest.deletedwith,
    ignoreChanges: rest.ignorechangesList,
  };
}

/** The types of the parents, as a URN lists them: `a:b:C$`; nothing below the stack. */
function ancestry(parent: string): string {
  const types = parent.split("::")[2] ?? stackType;
  return types === stackType ? "" : `${types}$`;
}
