import { readSettings } from "../../components/checks/checks.ts";
import type { Settings } from "../../components/settings/settings.ts";
import type { StackFile } from "../../infra/commands/shared/stackFile.ts";
import { originOf, stackSettings } from "../../infra/commands/shared/stackSettings.ts";

const accountKey = "calico-ebpf-eks:account";
const poolsKey = "calico-ebpf-eks:nodePools";
const networkKey = "calico-ebpf-eks:network";
const calicoKey = "calico-ebpf-eks:calico";

/** Prefix lengths of the node subnets, from the default on to the largest subnet of which a /16 holds two. */
const nodePrefixes = [20, 19, 18, 17];

/** Ranges of pod addresses, from the default on to one for ten thousand nodes and more. */
const podCidrs = ["192.168.0.0/16", "10.128.0.0/14", "10.128.0.0/12", "10.128.0.0/10"];

/** More than any pool may have. */
const mostNodes = 1000;

type Config = StackFile["config"];

/**
 * The same stack with a total number of nodes, each pool with its share of them; unchanged without a number. The node subnets and the range of pod
 * addresses grow with them where the file leaves them open; what it sets is kept, and then checked by the rules.
 * @throws UserError with every problem of the file, before or after
 */
export function grownStackFile(stackFile: StackFile, nodes: number | undefined): StackFile {
  if (nodes === undefined) return stackFile;
  const withPools = { ...roomierAccount(stackFile), [poolsKey]: grownPools(stackFile, nodes) };
  const file = `${stackFile.file} with --nodes ${nodes}`;
  const candidates = roomier(withPools).map((config) => ({ ...stackFile, file, config }));
  const sound = candidates.find((candidate) => readSettings(originOf(candidate)).problems.length === 0);
  const [unchanged = stackFile] = candidates;
  return sound ?? unchanged;
}

function grownPools(stackFile: StackFile, nodes: number): Config {
  const { nodePools } = stackSettings(stackFile);
  const written = mapping(stackFile.config[poolsKey]);
  const entries = Object.entries(nodePools);
  return Object.fromEntries(
    entries.map(([name, { size }], index) => {
      const share = Math.floor(nodes / entries.length) + (index < nodes % entries.length ? 1 : 0);
      return [name, { ...written[name], size: sized(size, share) }];
    }),
  );
}

function sized({ min, max }: Settings["nodePools"][string]["size"], desired: number) {
  return { min: Math.min(min, desired), desired, max: Math.max(max, desired) };
}

/** An account whose quotas allow every pool size, where the file leaves them open. */
function roomierAccount({ config }: StackFile): Config {
  const account = mapping(config[accountKey]);
  const quotas = { nodesPerNodeGroup: mostNodes, ...account["quotas"] };
  return { ...config, [accountKey]: { ...account, quotas } };
}

/** The configuration with its present room, then with more and more, where the file leaves that open. */
function roomier(config: Config): Config[] {
  const network = mapping(config[networkKey]);
  const calico = mapping(config[calicoKey]);
  const keepsNetwork = "nodePrefix" in network || "existing" in network;
  const networks = keepsNetwork ? [network] : nodePrefixes.map((nodePrefix) => ({ ...network, nodePrefix }));
  const keepsPods = "podCidr" in calico || String(calico["cni"]) === "AmazonVPC";
  const calicos = keepsPods ? [calico] : podCidrs.map((podCidr) => ({ ...calico, podCidr }));
  return networks.flatMap((one) =>
    calicos.map((other) => ({ ...config, [networkKey]: one, [calicoKey]: other })),
  );
}

/** A setting of a stack file, which may hold a mapping as JSON too. */
function mapping(written: unknown): Readonly<Record<string, object>> {
  return (typeof written === "string" ? JSON.parse(written) : written) ?? {};
}
