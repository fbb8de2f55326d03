import type * as pulumi from "@pulumi/pulumi";
import type { Previous } from "../components/settings/settings.ts";

/** The place of a cluster among the resources of a stack. */
export interface Place {
  /** Component that contains it; unset: the stack itself. */
  readonly parent?: pulumi.ComponentResource;
  /** What the cluster was after the last `up`; undefined before the first one. */
  readonly previous: () => Promise<Previous | undefined>;
}

/** Resource options that put a resource there. */
export function within({ parent }: Place): Pick<pulumi.ComponentResourceOptions, "parent"> {
  return parent === undefined ? {} : { parent };
}
