/** What a stack says of its cluster, by its outputs. */
export interface Expected {
  /** Name of the stack. */
  readonly stack: string;
  /** `https://…` */
  readonly clusterEndpoint?: string;
  readonly region?: string;
  readonly nodeSubnetIds?: readonly string[];
  /** `sg-…` of the control plane's network interfaces. */
  readonly controlPlaneSecurityGroupId?: string;
  readonly calicoVersion?: string;
  /** BPF or Iptables. */
  readonly dataplane?: string;
  /** DSR or Tunnel. */
  readonly externalService?: string;
  /** Absent, Parked or Running. */
  readonly kubeProxy?: string;
  /** Spec of Installation `default` as the stack writes it. */
  readonly installation?: Readonly<Record<string, unknown>>;
  /** Spec of FelixConfiguration `default` as the stack writes it. */
  readonly felixConfiguration?: Readonly<Record<string, unknown>>;
}

/** The cluster to look at. Plain values: it is handed to the thread in which the checks run. */
export interface Target {
  /** `stack dev` or the kubeconfig's file. */
  readonly name: string;
  /** Text of a kubeconfig; may hold a credential. */
  readonly kubeconfig: string;
  /** Folder to which its relative paths belong. */
  readonly folder: string;
  /** Where nodes reach the API server: `https://…`; undefined: where the kubeconfig does. */
  readonly endpoint?: string;
  /** What the stack says; undefined: no stack was given. */
  readonly expected?: Expected;
}
