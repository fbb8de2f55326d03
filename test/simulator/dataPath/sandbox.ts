import type { Pod } from "./podSpec.ts";
import type { Space } from "./space.ts";

const binaries = "/opt/cni/bin";

/** A list of CNI plugins, and how each is called. */
interface CniConfiguration {
  readonly name: string;
  readonly cniVersion: string;
  readonly plugins: readonly { readonly type: string }[];
}

/** The first configuration by name on a node, as containerd takes it; undefined: none has been written. */
export async function cniConfiguration(space: Space): Promise<CniConfiguration | undefined> {
  const script = "for file in /etc/cni/net.d/*.conflist; do [ -s $file ] && exec cat $file; done; exit 1";
  const { code, stdout } = await space.run(["sh", "-c", script]);
  return code === 0 ? (JSON.parse(stdout) as CniConfiguration) : undefined;
}

/** The network of a pod on a node, made by the CNI plugin that an installer has put there. */
export class Sandbox {
  readonly name: string;
  readonly #space: Space;
  readonly #pod: Pod;

  constructor(space: Space, pod: Pod) {
    this.#space = space;
    this.#pod = pod;
    this.name = `pod-${pod.metadata.uid}`;
  }

  /**
   * Makes it, and returns the pod's address.
   * @throws Error with what the plugin says
   */
  async add(): Promise<string> {
    await this.#space.run(["ip", "netns", "delete", this.name]);
    await this.#space.must(["ip", "netns", "add", this.name]);
    await this.#space.must(["ip", "-netns", this.name, "link", "set", "lo", "up"]);
    const result = JSON.parse(await this.#plugin("ADD")) as { ips: readonly { address: string }[] };
    return result.ips[0]?.address.split("/")[0] ?? "";
  }

  async remove(): Promise<void> {
    await this.#plugin("DEL");
    await this.#space.run(["ip", "netns", "delete", this.name]);
  }

  /** Runs the first plugin of the list: the others shape traffic, map host ports and lead IPv6 out, which no pod here asks for. */
  async #plugin(command: "ADD" | "DEL"): Promise<string> {
    const list = await cniConfiguration(this.#space);
    const [plugin] = list?.plugins ?? [];
    if (list === undefined || plugin === undefined) throw new Error("cni plugin not initialized");
    const input = JSON.stringify({ ...plugin, name: list.name, cniVersion: list.cniVersion });
    const { namespace, name, uid } = this.#pod.metadata;
    const id = uid.replaceAll("-", "");
    const env = {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      CNI_COMMAND: command,
      CNI_CONTAINERID: id,
      CNI_NETNS: `/run/netns/${this.name}`,
      CNI_IFNAME: "eth0",
      CNI_PATH: binaries,
      CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_INFRA_CONTAINER_ID=${id};K8S_POD_UID=${uid}`,
    };
    const { code, stdout, stderr } = await this.#space.run([`${binaries}/${plugin.type}`], { input, env });
    if (code === 0) return stdout;
    throw new Error(
      `plugin type="${plugin.type}" failed (${command.toLowerCase()}): ${said(stdout, stderr)}`,
    );
  }
}

/** A plugin says why in JSON on its stdout. */
function said(stdout: string, stderr: string): string {
  try {
    const { msg, details } = JSON.parse(stdout) as { msg: string; details?: string };
    return [msg, details].filter(Boolean).join(": ");
  } catch {
    return `${stdout}${stderr}`.trim();
  }
}
