import type { KubernetesObject } from "../../kubernetes/object.ts";
import type { PathNode } from "../dataPath/network.ts";
import type { Outcome } from "../kubelets/programs.ts";
import { agnhost } from "./agnhost.ts";
import { calicoNode } from "./calicoNode.ts";
import { fortio } from "./measuring/fortio.ts";
import { netshoot } from "./measuring/netshoot.ts";
import type { SimulatedNodes } from "./simulatedNodes.ts";

/** Where a program runs. */
export interface Spot {
  readonly pod: KubernetesObject;
  readonly node: PathNode;
  readonly nodes: SimulatedNodes;
}

export interface ProgramCall extends Spot {
  readonly args: readonly string[];
}

export type SimulatedProgram = (call: ProgramCall) => Outcome | Promise<Outcome>;

/** A request to a server in a container. */
export interface ServerCall {
  readonly pod: KubernetesObject;
  readonly port: number;
  readonly path: string;
  /** Address and port of the client, as the server sees them. */
  readonly seenAs: string;
}

/** What is simulated of an image. */
export interface SimulatedImage {
  /** By the name that it is called by. */
  readonly programs: Readonly<Record<string, SimulatedProgram>>;
  readonly logs: (spot: Spot) => readonly string[];
  /** What its server answers; undefined: it does not listen on that port. */
  readonly serves?: (call: ServerCall) => string | undefined;
}

const nothing: SimulatedImage = { programs: {}, logs: () => [] };

/** Images by the last part of their repository's name. */
const images: Readonly<Record<string, SimulatedImage>> = {
  "calico/node": calicoNode,
  agnhost,
  "nicolaka/netshoot": netshoot,
  "fortio/fortio": fortio,
};

/** What is simulated of an image; of one that is not known, nothing but harmless programs. */
export function imageOf(image: string): SimulatedImage {
  const [repository = ""] = image.split(/@|:(?=[^/]*$)/);
  const known = Object.keys(images).find((name) => repository === name || repository.endsWith(`/${name}`));
  return known === undefined ? nothing : (images[known] ?? nothing);
}
