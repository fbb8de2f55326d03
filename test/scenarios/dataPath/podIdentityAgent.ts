import { podIdentityAddress, podIdentityAgent } from "../../../components/specs/addons.ts";
import type { LabNode } from "../../simulator/dataPath/labNode.ts";
import type { Api } from "../../simulator/realKubernetes/api.ts";
import { named } from "./steps.ts";

/** The interface that the agent makes on its node (aws/eks-pod-identity-agent, configuration). */
const link = "pod-id-link0";

const daemonSet = named("apps/v1", "DaemonSet", podIdentityAgent, "kube-system");

/** Answers as the agent does without a token. */
const server = `require("node:http").createServer((_, answer) => { answer.statusCode = 400; answer.end(); }).listen(80, "${podIdentityAddress}")`;

/** What the agent of EKS Pod Identity is to packets: a listener at a link-local address of each node. */
export class PodIdentityAgent {
  readonly address = podIdentityAddress;
  readonly #api: Api;
  readonly #nodes: Set<LabNode>;

  private constructor(api: Api, nodes: readonly LabNode[]) {
    this.#api = api;
    this.#nodes = new Set(nodes);
  }

  static async start(api: Api, nodes: readonly LabNode[]): Promise<PodIdentityAgent> {
    for (const { space } of nodes) {
      await space.must(["ip", "link", "add", link, "type", "dummy"]);
      await space.must(["ip", "address", "add", `${podIdentityAddress}/32`, "dev", link]);
      await space.must(["ip", "link", "set", link, "up"]);
    }
    const labels = { app: "agent" };
    const spec = {
      hostNetwork: true,
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "agent", image: "lab/node", args: ["-e", server] }],
    };
    const template = { metadata: { labels }, spec };
    await api.create(
      { ...daemonSet, spec: { selector: { matchLabels: labels }, template } },
      { manager: "test" },
    );
    return new PodIdentityAgent(api, nodes);
  }

  /** Takes the address away from a node. */
  async leave(node: LabNode): Promise<void> {
    await node.space.must(["ip", "link", "delete", link]);
    this.#nodes.delete(node);
  }

  async end(): Promise<void> {
    for (const node of this.#nodes) await this.leave(node);
    await this.#api.delete(daemonSet, { propagationPolicy: "Background" });
  }
}
