import { awsNodeKey } from "../../kubernetes/awsNode.ts";
import type { CloudView } from "../../kubernetes/cloudView.ts";
import { at } from "../../kubernetes/object.ts";
import type { Mirror } from "../mirror.ts";
import { isReady, nodeNameOf } from "../pods.ts";
import type { ContainerName, NodeSide } from "./nodeSide.ts";

/** In place of a command in a container of a node that kwok plays: the words that are run before it. */
export type Playback = (name: ContainerName) => readonly string[] | undefined;

const noProgram = "no program runs on this node, which kwok plays; --data-path real runs them";

/** The nodes that kwok plays: no program runs in their pods, and nothing listens there but calico-apiserver. */
export class PlayedSide implements NodeSide {
  /** What commands print. Default: they are refused. */
  playback: Playback | undefined;
  readonly #mirror: Mirror;
  readonly #cloud: CloudView;

  constructor(mirror: Mirror, cloud: CloudView) {
    this.#mirror = mirror;
    this.#cloud = cloud;
  }

  entering(name: ContainerName): readonly string[] | string {
    return this.playback?.(name) ?? noProgram;
  }

  logs(): string {
    return noProgram;
  }

  /** Only the AWS VPC CNI gives pods addresses that the control plane reaches; its interfaces have the node's groups. */
  reachesPod(host: string, port: number): boolean {
    const haveVpcAddresses = this.#mirror.get(awsNodeKey) !== undefined;
    const pod = this.#mirror
      .ofKind("v1", "Pod")
      .find(
        (one) =>
          isReady(one) &&
          at(one, "status.podIP") === host &&
          (at(one, "spec.hostNetwork") === true || haveVpcAddresses) &&
          JSON.stringify(at(one, "spec.containers")).includes(`=${port}`),
      );
    if (pod === undefined) return false;
    const instance = [...this.#cloud.instances.values()].find(({ nodeName }) => nodeName === nodeNameOf(pod));
    return instance !== undefined && this.#cloud.allowsFromControlPlane(instance, "tcp", port);
  }
}
