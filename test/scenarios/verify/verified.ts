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
import { Api } from "../../simulator/realKubernetes/api.ts";
import { type ApiAddress, Client } from "../../simulator/realKubernetes/client.ts";
import type { SimulatedNodes } from "../../simulator/realKubernetes/nodePrograms/simulatedNodes.ts";
import { type Living, type LivingOptions, startLiving } from "../realKubernetes/living.ts";
import { root } from "../rehearsed.ts";

const concurrency = 8;

/** The cluster of a stack that is up, with programs in its pods and EC2's answers about its nodes. */
export class Verified {
  readonly living: Living;
  readonly api: Api;
  /** The stack's cluster, reached at this machine's port. */
  readonly target: Target;
  /** What EC2 says otherwise than it is. */
  lies: Ec2Lies = {};
  readonly #ec2: Ec2Endpoint;

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

  get nodes(): SimulatedNodes {
    const { nodes } = this.living.world.kubernetes;
    if (nodes === undefined) throw new Error("there is no cluster");
    return nodes;
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

  /** What a check comes to. */
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
  mend(): void {
    this.lies = {};
    this.nodes.mend();
  }

  async end(): Promise<void> {
    this.api.client.close();
    await this.#ec2.stop();
    await this.living.end();
  }
}

/** What was seen but passed, as `node: evidence`. */
export function wrong({ findings }: Outcome): string[] {
  const text = ({ node, evidence }: Finding) => (node === undefined ? evidence : `${node}: ${evidence}`);
  return findings.filter(({ verdict }) => verdict !== "passed").map(text);
}
