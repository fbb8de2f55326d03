import type { Duplex } from "node:stream";

/** What a program of a container prints, and how it ends. */
export interface Outcome {
  readonly stdout?: string;
  readonly stderr?: string;
  /** Default: 0. */
  readonly exitCode?: number;
}

/** Names a container. */
export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** A container that runs. */
export interface Running extends ContainerName {
  /** Name of its node. */
  readonly node: string;
  /** Names of the programs in its image that are simulated. */
  readonly programs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The words before a command that make it run in the container. Absent: its programs are simulated. */
  readonly enter?: readonly string[];
}

/** What runs on the simulated nodes, as the kubelets and the network ask for it. */
export interface NodePrograms {
  /** The container, if it runs on a node; else why not. */
  find(name: ContainerName): Promise<Running | string>;
  /** Runs a program of a container. */
  run(container: Running, program: string, args: readonly string[]): Promise<Outcome>;
  /** What a container has written, a line each, oldest first. */
  logs(container: Running): Promise<readonly string[]>;
  /** What the kubelet of the node with this address answers at a path of its own; undefined: it knows no such path. */
  kubelet(host: string, path: string): string | undefined;
  /** Whether the control plane reaches a ready pod with the host's network at this address and port. */
  reachesHostPod(host: string, port: number): boolean;
  /** Answers an HTTP request of the control plane to an address and port; undefined: nothing answers. */
  answer(host: string, port: number, path: string): Promise<string | undefined>;
  /** Opens a connection of the control plane. Absent: only requests are answered. */
  dial?(host: string, port: number): Promise<Duplex>;
}
