import * as pulumi from "@pulumi/pulumi";
import { NodePool, type NodePoolArgs } from "./nodePool.ts";
import type { Settings } from "./settings/settings.ts";

export interface NodePoolsArgs extends Omit<NodePoolArgs, "pool" | "release"> {
  /** Settings of the pools, by name. */
  readonly pools: Settings["nodePools"];
  /** AMI release of each pool, by name. */
  readonly releases: Readonly<Record<string, string>>;
}

/** All node pools of the cluster. */
export class NodePools extends pulumi.ComponentResource {
  /** The node groups: ACTIVE once their nodes are Ready. */
  readonly nodeGroups: pulumi.Resource[];

  constructor(name: string, args: NodePoolsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:NodePools", name, {}, opts);
    const { pools, releases, ...shared } = args;
    this.nodeGroups = Object.entries(pools).map(([pool, settings]) => {
      const release = releases[pool];
      if (release === undefined) throw new Error(`no AMI release was looked up for node pool ${pool}`);
      const args = { ...shared, pool: settings, release };
      return new NodePool(`${name}-${pool}`, args, { parent: this }).nodeGroup;
    });
    this.registerOutputs({});
  }
}
