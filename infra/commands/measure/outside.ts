import { ownEnvironment } from "../shared/engine/environment.ts";
import { execute } from "../shared/engine/process.ts";
import { UserError } from "../shared/errors.ts";

/** A tool's output on the client outside; how it ended is in its report. */
export interface Outside {
  /** As the user named it. */
  readonly name: string;
  /** Its own addresses. */
  readonly addresses: readonly string[];
  run(command: readonly string[], timeoutSeconds: number, signal: AbortSignal): Promise<string>;
}

/** No prompts, and a limited time for the connection. */
const options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

/**
 * A host that is reached with the user's ssh, with its configuration and keys.
 * @param host as ssh takes it: `bastion`, `ec2-user@10.40.0.9`
 * @throws UserError of one line when it cannot be reached, or lacks a tool
 */
export async function sshOutside(host: string, file = "ssh"): Promise<Outside> {
  const run: Outside["run"] = async (command, timeoutSeconds) => {
    const words = command.map(quoted).join(" ");
    const outcome = await execute(file, [...options, "--", host, words], {
      env: ownEnvironment(),
      timeoutSeconds,
    });
    // A tool that failed says so in its report; without a report, ssh's reason is better.
    return outcome.ok ? outcome.output : `ssh ${host} ${outcome.reason}`;
  };
  const answer = await execute(file, [...options, "--", host, toolCheck], {
    env: ownEnvironment(),
    timeoutSeconds: 30,
  });
  if (!answer.ok) throw new UserError(`--client: ssh ${host} ${answer.reason}.`);
  const [missing = "", addresses = ""] = answer.output.split("\n");
  if (missing.trim() !== "") {
    throw new UserError(
      `--client: ${host} has no ${missing.trim().replaceAll(" ", ", no ")} on its PATH. Install it there.`,
    );
  }
  return { name: host, addresses: addresses.trim().split(/\s+/), run };
}

/** Prints the tools that are missing, then the host's addresses. */
const toolCheck =
  'for tool in iperf3 fortio; do command -v "$tool" > /dev/null || printf "%s " "$tool"; done; echo; hostname -I';

/** A word quoted for a shell. */
function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Refuses a node of the cluster as the client outside. In eBPF mode a node looks the NodePort up itself and sends
 * directly to the backend, for the NodePort of any node (projectcalico/calico felix/bpf-gpl/nat_lookup.h).
 */
export function refuseNode(host: string, nodes: readonly { name: string; ip: string }[]): void {
  const name = host.replace(/^.*@/, "");
  if (!nodes.some((node) => node.name === name || node.ip === name)) return;
  throw new UserError(
    `--client: ${host} is a node of this cluster, and eBPF on a node sends directly to the backend. Name a host in the VPC that is not a node.`,
  );
}
