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

  reachesHostPod(host: string, port: number): boolean {
    const instance = [...this.#cloud.instances.values()].find(({ privateIp }) => privateIp === host);
    if (instance === undefined || !this.#cloud.allowsFromControlPlane(instance, "tcp", port)) return false;
    return this.#mirror
      .ofKind("v1", "Pod")
      .some(
        (pod) =>
          at(pod, "spec.hostNetwork") === true &&
          nodeNameOf(pod) === instance.nodeName &&
          isReady(pod) &&
          JSON.stringify(at(pod, "spec.containers")).includes(`=${port}`),
      );
  }
}
