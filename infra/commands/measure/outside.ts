import { ownEnvironment } from "../shared/engine/environment.ts";
import { execute } from "../shared/engine/process.ts";
import { UserError } from "../shared/errors.ts";
import type { LiveNode } from "../verify/reading/objects.ts";

/** A client outside, by the user's name for it and its own addresses. */
export interface Outside {
  readonly name: string;
  readonly addresses: readonly string[];
  /** What a tool printed there; nothing of how it ended, which its report says. */
  run(command: readonly string[], timeoutSeconds: number): Promise<string>;
}

/** No prompts, and a limited time for the connection. */
const options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

/**
 * A host that is reached with the user's ssh, with its configuration and keys.
 * @param host as ssh takes it: `bastion`, `ec2-user@10.40.0.9`
 * @throws UserError of one line when it cannot be reached, or lacks a tool
 */
export async function sshOutside(host: string, file = "ssh"): Promise<Outside> {
  const ssh = (words: string, timeoutSeconds: number) =>
    execute(file, [...options, "--", host, words], { env: ownEnvironment(), timeoutSeconds });
  const run: Outside["run"] = async (command, timeoutSeconds) => {
    const outcome = await ssh(command.map(quoted).join(" "), timeoutSeconds);
    // A tool that failed says so in its report; without a report, ssh's reason is better.
    return outcome.ok ? outcome.output : `ssh ${host} ${outcome.reason}`;
  };
  const answer = await ssh(toolCheck, 30);
  if (!answer.ok) throw new UserError(`--client: ssh ${host} ${answer.reason}.`);
  const [missing = "", addresses = ""] = answer.output.split("\n");
  const absent = missing.trim().replaceAll(" ", ", no ");
  if (absent !== "") throw new UserError(`--client: ${host} has no ${absent} on its PATH. Install it there.`);
  return { name: host, addresses: addresses.trim().split(/\s+/), run };
}

/** Prints the tools that are missing, then the host's addresses. */
const toolCheck =
  'for tool in iperf3 curl; do command -v "$tool" > /dev/null || printf "%s " "$tool"; done; echo; hostname -I';

/** A word quoted for a shell. */
function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Refuses a node of the cluster as the client outside. In eBPF mode a node looks the NodePort up itself and sends
 * directly to the backend, for the NodePort of any node (projectcalico/calico felix/bpf-gpl/nat_lookup.h).
 */
export function refuseNode(host: string, nodes: readonly Pick<LiveNode, "internalIp" | "name">[]): void {
  const name = host.replace(/^.*@/, "");
  if (!nodes.some((node) => node.name === name || node.internalIp === name)) return;
  throw new UserError(
    `--client: ${host} is a node of this cluster, and eBPF on a node sends directly to the backend. Name a host in the VPC that is not a node.`,
  );
}
