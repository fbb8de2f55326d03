/** The parts of API objects that are read. */
export interface RawObject {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name?: string } }[];
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: { readonly nodeAffinity?: Readonly<Record<string, unknown>> };
  readonly volumes?: readonly { readonly hostPath?: { readonly path?: string } }[];
}

export function nameOf(object: unknown): string {
  return (object as RawObject).metadata?.name ?? "";
}

/** Spec of the pods of a workload. */
export function podSpecOf(object: unknown): PodSpec {
  const { template } = ((object as RawObject).spec ?? {}) as { template?: { spec?: PodSpec } };
  return template?.spec ?? {};
}

/** A release without v, in an image's tag or by itself. */
export function versionIn(text: string): string | undefined {
  return /(?:^|:)v?(\d+\.\d+\.\d+)(?=$|-eksbuild)/.exec(text)?.[1];
}
