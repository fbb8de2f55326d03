import type { ExistingStackSettings } from "./existing.ts";
import type { DeepReadonly } from "./settings.ts";

/** Where every node reaches the API server. */
export interface ApiServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The cluster to take: on EKS by its name, any other by a kubeconfig. */
export type ExistingCluster =
  | { readonly kind: "eks"; readonly name: string }
  | {
      readonly kind: "kubeconfig";
      /** Path as written. */
      readonly file: string;
      /** Unset: the file's current one. */
      readonly context: string | undefined;
      readonly apiServer: ApiServerAddress;
    };

/** What a stack asks for of a cluster that is there, complete. Frozen. */
export interface ExistingSettings
  extends DeepReadonly<Pick<ExistingStackSettings, "account" | "calico" | "kubeProxy">> {
  readonly project: string;
  readonly stack: string;
  /** AWS region, from `aws:region`; "" when none is named. */
  readonly region: string;
  /** Profile of the AWS configuration files, from `aws:profile`; unset: the ambient credentials. */
  readonly profile: string | undefined;
  readonly cluster: ExistingCluster;
}
