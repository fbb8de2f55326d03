import { podIdentityAddress, podIdentityAgent } from "../../../components/specs/addons.ts";
import type { LabNode } from "../../simulator/dataPath/labNode.ts";
import type { Api } from "../../simulator/realKubernetes/api.ts";
import { named } from "./steps.ts";

/** The interface that the agent makes on its node: a dummy, which not every kernel here has, so one end of a pair. */
const link = "pod-id-link0";
const otherEnd = "pod-id-link1";

const daemonSet = named("apps/v1", "DaemonSet", podIdentityAgent, "kube-system");

/** No other listener of the lab answers so: a pod that gets it has reached its own node. */
const status = 418;
const server = `require("node:http").createServer((_, answer) => { answer.statusCode = ${status}; answer.end(); }).listen(80, "${podIdentityAddress}")`;

/** What the agent of EKS Pod Identity is to packets: a listener at a link-local address of each node. */
export class PodIdentityAgent {
  /** What `npm run verify` prints where the agent has answered. */
  readonly answered = `${podIdentityAddress} answered with HTTP ${status}`;
  readonly #api: Api;
  readonly #nodes: readonly LabNode[];

  private constructor(api: Api, nodes: readonly LabNode[]) {
    this.#api = api;
    this.#nodes = nodes;
  }

  static async start(api: Api, nodes: readonly LabNode[]): Promise<PodIdentityAgent> {
    for (const { space } of nodes) {
      await space.must(["ip", "link", "add", link, "type", "veth", "peer", "name", otherEnd]);
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

  /** Lets it run on one node only; the others keep the address. */
  async keepOnlyOn({ name }: LabNode): Promise<void> {
    const nodeSelector = { "kubernetes.io/hostname": name };
    await this.#api.merge(daemonSet, { spec: { template: { spec: { nodeSelector } } } }, "test");
  }

  async end(): Promise<void> {
    await this.#api.delete(daemonSet, { propagationPolicy: "Background" });
    for (const { space } of this.#nodes) await space.must(["ip", "link", "delete", link]);
  }
}
