import type { Duplex } from "node:stream";

/** Names a container. */
export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What the nodes are to the control plane. */
export interface NodeSide {
  /** The words before a command that make it run in a container; else why nothing runs there. */
  entering(name: ContainerName): readonly string[] | string;
  /** What a container has written, a line each, oldest first; else why there is nothing. */
  logs(name: ContainerName): readonly string[] | string;
  /** Whether the control plane reaches a ready pod at this address and port. */
  reachesPod(host: string, port: number): boolean;
  /** Opens a connection of the control plane to an address of a node or a pod. Absent: nothing there answers. */
  dial?(host: string, port: number): Promise<Duplex>;
}
