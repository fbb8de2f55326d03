/** A stack file that is refused. */
export interface BadStackFile {
  readonly title: string;
  /** Default: Pulumi.dev.yaml. */
  readonly file?: string;
  readonly yaml: string;
  /** The whole message, line by line. */
  readonly message: readonly string[];
}

/** A stack file that is nearly refused. */
export interface NearMiss {
  readonly title: string;
  /** Default: Pulumi.dev.yaml. */
  readonly file?: string;
  readonly yaml: string;
}

/** The beginning of a stack file that is sound already. */
export const sound = `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [198.18.0.7/32] }
`;
