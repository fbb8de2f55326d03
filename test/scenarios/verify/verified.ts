import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Finding, Live, Outcome } from "../../../infra/commands/verify/check.ts";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { openLive } from "../../../infra/commands/verify/session.ts";
import { judge } from "../../../infra/commands/verify/suite.ts";
import type { Target } from "../../../infra/commands/verify/target.ts";
import { type Ec2Lies, startEc2Of } from "../../rehearsal/verified/ec2OfWorld.ts";
import { targetIn } from "../../rehearsal/verified/targetIn.ts";
import type { Ec2Endpoint } from "../../simulator/existing/ec2Endpoint.ts";
import { awsEnvironment } from "../../simulator/existing/ec2Endpoint.ts";
import { at } from "../../simulator/kubernetes/object.ts";
import { Api } from "../../simulator/realKubernetes/api.ts";
import { type ApiAddress, Client } from "../../simulator/realKubernetes/client.ts";
import { type NodeOutput, nodeOutput, tableOf } from "../../support/nodeOutput.ts";
import { type Living, type LivingOptions, startLiving } from "../realKubernetes/living.ts";
import { root } from "../rehearsed.ts";

const concurrency = 8;

/** Prints the file of the look into a node, or of its dumps, whatever else the command says. */
const print = 'case "$4" in *"routes dump"*) exec /bin/cat "$1";; *) exec /bin/cat "$0";; esac';

/**
 * The cluster of a stack that is up, with EC2's answers about its nodes. Commands in calico-node print what they have printed
 * on a real node.
 */
export class Verified {
  readonly living: Living;
  readonly api: Api;
  /** The stack's cluster, reached at this machine's port. */
  readonly target: Target;
  /** What EC2 says otherwise than it is. */
  lies: Ec2Lies = {};
  readonly #ec2: Ec2Endpoint;
  readonly #folder = mkdtempSync(join(tmpdir(), "verified-"));
  /** What a look into a node prints otherwise than a healthy one, by the node's name. */
  readonly #broken = new Map<string, Partial<NodeOutput>>();

  private constructor(living: Living, api: Api, target: Target, ec2: Ec2Endpoint) {
    this.living = living;
    this.api = api;
    this.target = target;
    this.#ec2 = ec2;
  }

  /** Brings a stack up. The caller ends it. */
  static async start(options?: LivingOptions): Promise<Verified> {
    const living = await startLiving(options);
    try {
      const said = await living.up();
      if (said !== "") throw new Error(said);
      const { engine, world } = living;
      const target = await targetIn({ engine, kubernetes: world.kubernetes, stack: "dev", root });
      const { address } = world.kubernetes;
      if (address === undefined) throw new Error("there is no cluster");
      let verified: Verified | undefined;
      const ec2 = await startEc2Of(living.world, () => verified?.lies ?? {});
      verified = new Verified(living, new Api(new Client(address)), target, ec2);
      await verified.#play();
      return verified;
    } catch (error) {
      await living.end();
      throw error;
    }
  }

  /** Where the API server is for this machine. */
  get address(): ApiAddress {
    const { address } = this.living.world.kubernetes;
    if (address === undefined) throw new Error("there is no cluster");
    return address;
  }

  /** Lets every calico-node print what a healthy one does, of this cluster's services and endpoint. */
  async #play(): Promise<void> {
    const { items } = await this.api.client.send({ method: "GET", path: "/api/v1/services" });
    const { cloud, kubernetes } = this.living.world;
    const table = tableOf(items);
    const endpoint = `${cloud.endpointHost()}:443\n`;
    const [probe, dumps] = [join(this.#folder, "probe"), join(this.#folder, "dumps")];
    kubernetes.playback = ({ pod, container }) => {
      if (container !== "calico-node") return undefined;
      const found = kubernetes
        .contents()
        .find(({ kind, metadata }) => kind === "Pod" && metadata.name === pod);
      const node = String(at(found, "spec.nodeName"));
      const parts = { table, endpoint, ...this.#broken.get(node) };
      writeFileSync(`${probe}-${node}`, nodeOutput(parts));
      // In the order of diagnose's files: kernel, mounts, programs, services, and nothing of the others.
      writeFileSync(
        `${dumps}-${node}`,
        ["", "", parts.net ?? "", parts.table, "", "", "", ""].join("=====\n"),
      );
      return ["/bin/sh", "-c", print, `${probe}-${node}`, `${dumps}-${node}`];
    };
  }

  /** Lets a look into a node print something else, until `restore`. */
  break(node: string, parts: Partial<NodeOutput>): void {
    this.#broken.set(node, parts);
  }

  /** Names of the nodes. */
  get nodeNames(): string[] {
    return [...this.living.world.cloud.instances.values()].map(({ nodeName }) => nodeName).toSorted();
  }

  /** Environment in which the AWS SDK finds the simulated EC2. */
  get env(): Readonly<Record<string, string>> {
    return awsEnvironment(this.#ec2);
  }

  /** Begins to look. */
  look(change: Partial<Target> = {}): Live {
    for (const [name, value] of Object.entries(this.env)) vi.stubEnv(name, value);
    return openLive({ ...this.target, ...change }, concurrency, new AbortController().signal);
  }

  /** Result of a check. */
  async judged(name: string, change: Partial<Target> = {}): Promise<Outcome> {
    const check = checks.find((one) => one.name === name);
    if (check === undefined) throw new Error(`there is no check ${name}`);
    const live = this.look(change);
    try {
      return await judge(check, live);
    } finally {
      live.cluster.close();
    }
  }

  /** Takes back what a test has broken. */
  restore(): void {
    this.lies = {};
    this.#broken.clear();
  }

  async end(): Promise<void> {
    this.api.client.close();
    await this.#ec2.stop();
    await this.living.end();
    rmSync(this.#folder, { recursive: true });
  }
}

/** What was seen but passed, as `node: evidence`. */
export function wrong({ findings }: Outcome): string[] {
  const text = ({ node, evidence }: Finding) => (node === undefined ? evidence : `${node}: ${evidence}`);
  return findings.filter(({ verdict }) => verdict !== "passed").map(text);
}
