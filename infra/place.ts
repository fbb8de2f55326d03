import type * as pulumi from "@pulumi/pulumi";
import type { Previous } from "../components/settings/settings.ts";

/** Where a cluster stands among the resources of a stack. */
export interface Place {
  /** Component that holds it; unset: the stack itself. */
  readonly parent?: pulumi.ComponentResource;
  /** Begins the names that do not follow from the cluster's own, so that a stack can hold two clusters. */
  readonly prefix: string;
  /** What the cluster was after the last `up`; undefined before the first one. */
  readonly previous: () => Promise<Previous | undefined>;
}

/** Resource options that put a resource there. */
export function within({ parent }: Place): Pick<pulumi.ComponentResourceOptions, "parent"> {
  return parent === undefined ? {} : { parent };
}
