import { milestones } from "../durations.ts";
import type { Activity } from "../world/activity.ts";
import type { ApiServer } from "./apiServer.ts";
import { karpenterKinds } from "./karpenterObjects.ts";
import { type KubernetesObject, keyOf } from "./object.ts";
import type { Operator } from "./operator.ts";

const deploymentKey = "apps/v1/Deployment/kube-system/karpenter";
const manager = "karpenter";

/**
 * Karpenter, as much as the order of a destroy depends on it: it starts one node for each NodePool, as if a pod did not fit, and
 * ends it once the NodePool goes; an EC2NodeClass goes after its last node. Only a running controller does any of that
 * (kubernetes-sigs/karpenter v1.14.1 pkg/controllers/node/termination, aws/karpenter-provider-aws v1.14.1 pkg/controllers/nodeclass).
 */
export class Karpenter {
  readonly #api: ApiServer;
  readonly #operator: Operator;
  readonly #activity: Activity;
  readonly #ending = new Set<string>();
  /** What it has started and not ended, by name of the NodeClaim: instances that AWS knows nothing else of. */
  readonly #instances = new Map<string, KubernetesObject>();
  #reconciling = false;

  constructor(api: ApiServer, operator: Operator, activity: Activity) {
    this.#api = api;
    this.#operator = operator;
    this.#activity = activity;
  }

  /** Nodes whose NodeClaim went, with its cluster or with its definition, before Karpenter ended them. */
  get orphans(): readonly KubernetesObject[] {
    return [...this.#instances.values()].filter((claim) => this.#api.get(keyOf(claim)) === undefined);
  }

  /** The cluster goes as it is. */
  abandon(): void {
    this.#ending.clear();
  }

  /** Looks at the world and does the next thing; called on every change. */
  reconcile(): void {
    // Its own writes are changes, too.
    if (this.#reconciling) return;
    this.#reconciling = true;
    if (this.#runs) this.#step();
    this.#reconciling = false;
  }

  get #runs(): boolean {
    return this.#api.get(deploymentKey) !== undefined && this.#operator.reports().some(({ ready }) => ready);
  }

  #step(): void {
    for (const nodePool of this.#ofKind("nodePool")) {
      if (nodePool.metadata.deletionTimestamp === undefined) this.#start(nodePool);
      else this.#end(nodePool);
    }
    for (const nodeClass of this.#ofKind("nodeClass")) {
      if (nodeClass.metadata.deletionTimestamp === undefined) {
        this.#hold(nodeClass, ["karpenter.k8s.aws/termination"]);
      } else if (
        !this.#ofKind("nodeClaim").some(({ metadata }) => metadata.name === nodeClass.metadata.name)
      ) {
        this.#hold(nodeClass, []);
      }
    }
  }

  #start(nodePool: KubernetesObject): void {
    const { name } = nodePool.metadata;
    // What foreground deletion waits for: the nodes that the NodePool owns.
    this.#hold(nodePool, ["foregroundDeletion"]);
    const metadata = { name, finalizers: ["karpenter.sh/termination"] };
    const claim = { ...karpenterKinds.nodeClaim, metadata };
    if (this.#instances.has(name)) return;
    this.#instances.set(name, claim);
    this.#api.create(claim, manager);
  }

  #end(nodePool: KubernetesObject): void {
    const { name } = nodePool.metadata;
    if (this.#ending.has(name)) return;
    this.#ending.add(name);
    this.#activity.after(milestones.karpenterNodeEnd.seconds, () => {
      this.#ending.delete(name);
      if (!this.#runs) return;
      this.#instances.delete(name);
      const claim = { ...karpenterKinds.nodeClaim, metadata: { name } };
      this.#api.delete(keyOf(claim));
      this.#hold(claim, []);
      this.#hold(nodePool, []);
    });
  }

  #hold(object: KubernetesObject, finalizers: string[]): void {
    this.#api.merge(keyOf(object), { metadata: { finalizers } }, manager);
  }

  #ofKind(name: keyof typeof karpenterKinds): KubernetesObject[] {
    const { apiVersion, kind } = karpenterKinds[name];
    return this.#api.list().filter((one) => one.apiVersion === apiVersion && one.kind === kind);
  }
}
