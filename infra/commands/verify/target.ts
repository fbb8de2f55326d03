/** What a stack's outputs say about its cluster. */
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
  /** Spec of Installation `default` in the stack. */
  readonly installation?: Readonly<Record<string, unknown>>;
  /** Spec of FelixConfiguration `default` in the stack. */
  readonly felixConfiguration?: Readonly<Record<string, unknown>>;
}

/** The cluster to check. Plain values. */
export interface Target {
  /** `stack dev` or the kubeconfig's file. */
  readonly name: string;
  /** Text of a kubeconfig; may contain a credential. */
  readonly kubeconfig: string;
  /** Folder for its relative paths. */
  readonly folder: string;
  /** Where nodes reach the API server: `https://…`; undefined: as in the kubeconfig. */
  readonly endpoint?: string;
  /** The stack's values; undefined: no stack was given. */
  readonly expected?: Expected;
}
