import { oncePerRun } from "../once.ts";

/** A node as its object says. */
export interface LiveNode {
  readonly name: string;
  /** Undefined: it has none. */
  readonly internalIp: string | undefined;
  /** `linux` or `windows`. */
  readonly operatingSystem: string;
  /** What `uname -r` prints. */
  readonly kernel: string;
  readonly ready: boolean;
  /** `i-…`; undefined: not on EC2. */
  readonly instanceId: string | undefined;
  /** AWS region by the node's label. */
  readonly region: string | undefined;
}

interface RawNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly providerID?: string };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly kernelVersion?: string; readonly operatingSystem?: string };
  };
}

/** Every node, by name. */
export const nodes = oncePerRun(async ({ cluster }): Promise<LiveNode[]> => {
  const found = (await cluster.list("/api/v1/nodes", nodeOf)) ?? [];
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
});

function nodeOf(object: unknown): LiveNode {
  const { metadata, spec = {}, status = {} } = object as RawNode;
  const { addresses = [], conditions = [], nodeInfo = {} } = status;
  return {
    name: metadata.name,
    internalIp: addresses.find(({ type }) => type === "InternalIP")?.address,
    operatingSystem: nodeInfo.operatingSystem ?? "linux",
    kernel: nodeInfo.kernelVersion ?? "",
    ready: conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True"),
    // aws:///eu-west-1a/i-0123456789abcdef0
    instanceId: /^aws:\/\/.*\/(i-[0-9a-f]+)$/.exec(spec.providerID ?? "")?.[1],
    region: metadata.labels?.["topology.kubernetes.io/region"],
  };
}
