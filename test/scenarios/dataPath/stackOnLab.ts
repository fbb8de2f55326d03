import type { Settings } from "../../../components/settings/settings.ts";
import { withEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import type { Finding, Outcome } from "../../../infra/commands/verify/check.ts";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { openLive } from "../../../infra/commands/verify/session.ts";
import { judge } from "../../../infra/commands/verify/suite.ts";
import type { Target } from "../../../infra/commands/verify/target.ts";
import { removeProbes } from "../../../infra/commands/verify/workloads/probes.ts";
import { type Ec2Lies, startEc2Of } from "../../rehearsal/verified/ec2OfWorld.ts";
import { targetIn } from "../../rehearsal/verified/targetIn.ts";
import type { DataPath } from "../../simulator/dataPath/dataPath.ts";
import type { LabNode } from "../../simulator/dataPath/labNode.ts";
import type { PodRun } from "../../simulator/dataPath/podRun.ts";
import type { Connection } from "../../simulator/dataPath/vpc.ts";
import { awsEnvironment, type Ec2Endpoint } from "../../simulator/existing/ec2Endpoint.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { Api } from "../../simulator/realKubernetes/api.ts";
import { Client } from "../../simulator/realKubernetes/client.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { vpcCniPrograms } from "../../toolchain/vpcCni.ts";
import { type Living, startLiving } from "../realKubernetes/living.ts";
import { root, smallCluster } from "../rehearsed.ts";
import { until } from "./steps.ts";

const concurrency = 8;

type Rules = NonNullable<Connection["rules"]>;

/** Of the smallest instances: with a second interface allowed, the VPC CNI attaches it with the first pods. */
const onVpcCni = {
  "calico-ebpf-eks:calico": { cni: "AmazonVPC" },
  "calico-ebpf-eks:nodePools": { default: { instanceTypes: ["t3.micro"], maxPods: 18 } },
} as const;

/** The stack of the tests, up on real packets, for the checks of `npm run verify`. */
export class StackOnLab {
  readonly living: Living;
  readonly api: Api;
  /** What EC2 says otherwise than it is. */
  lies: Ec2Lies = {};
  readonly #target: Target;
  readonly #ec2: Ec2Endpoint;

  private constructor(living: Living, target: Target, ec2: Ec2Endpoint, api: Api) {
    this.living = living;
    this.api = api;
    this.#target = target;
    this.#ec2 = ec2;
  }

  /** Brings the stack up. The caller ends it. */
  static async start(cni: Settings["calico"]["cni"] = "Calico"): Promise<StackOnLab> {
    const present = await presentNodePrograms();
    if (present === undefined) throw new Error("the programs of the lab were not built");
    const programs = cni === "Calico" ? present : { ...present, vpcCni: await vpcCniPrograms(() => {}) };
    const config = cni === "Calico" ? smallCluster : { ...smallCluster, ...onVpcCni };
    const living = await startLiving({ config, lab: { programs, region: "eu-west-1" } });
    try {
      const said = await living.up();
      if (said !== "") throw new Error(said);
      const { engine, world } = living;
      const { address } = world.kubernetes;
      if (address === undefined) throw new Error("there is no cluster");
      const target = await targetIn({ engine, kubernetes: world.kubernetes, stack: "dev", root });
      let stack: StackOnLab | undefined;
      const ec2 = await startEc2Of(world, () => stack?.lies ?? {});
      stack = new StackOnLab(living, target, ec2, new Api(new Client(address)));
      return stack;
    } catch (error) {
      await living.end();
      throw error;
    }
  }

  get dataPath(): DataPath {
    const { dataPath } = this.living.world.kubernetes.lab ?? {};
    if (dataPath === undefined) throw new Error("there are no nodes");
    return dataPath;
  }

  /** Node N, the first being 0, by name. */
  node(index: number): LabNode {
    const node = this.dataPath.nodes.toSorted((a, b) => a.name.localeCompare(b.name))[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    return node;
  }

  /** The pod of a part of Calico on a node, if it runs there. */
  runsOn(index: number, part: string): PodRun | undefined {
    return this.node(index).pods.find(({ pod: { metadata } }) => metadata.labels?.["k8s-app"] === part);
  }

  /** calico-node on a node. */
  calicoNode(index: number): PodRun {
    const pod = this.runsOn(index, "calico-node");
    if (pod === undefined) throw new Error(`no calico-node on node ${index}`);
    return pod;
  }

  /** Deletes calico-node on a node; its DaemonSet makes another. */
  async restartCalicoNode(index: number): Promise<void> {
    const { pod } = this.calicoNode(index);
    await this.api.delete({ ...pod, kind: "Pod" } as unknown as KubernetesObject, { gracePeriodSeconds: 1 });
    await until("the next calico-node", 60, async () => {
      const next = this.runsOn(index, "calico-node");
      return next !== undefined && next.pod.metadata.uid !== pod.metadata.uid;
    });
  }

  /** Changes what a node's security groups let in and out; returns what takes it back. */
  async changeRules(index: number, change: (rules: Rules) => Rules): Promise<() => Promise<void>> {
    const { name } = this.node(index);
    const { vpc } = this.dataPath;
    const before = vpc.portOf(name)?.rules;
    if (before === undefined) throw new Error("the node has no security group");
    await vpc.change(new Map([[name, { rules: change(before) }]]));
    return () => vpc.change(new Map([[name, { rules: before }]]));
  }

  /** Without the rule that lets a port in, and EC2 says the same. */
  async closePort(index: number, port: number): Promise<() => Promise<void>> {
    const open = await this.changeRules(index, (rules) => {
      const ingress = rules.ingress.filter(({ ports }) => ports?.[0] !== port);
      if (ingress.length === rules.ingress.length) throw new Error(`no rule lets port ${port} in`);
      return { ...rules, ingress };
    });
    this.lies = { rules: (all) => all.filter(({ isEgress, fromPort }) => isEgress || fromPort !== port) };
    return async () => {
      this.lies = {};
      await open();
    };
  }

  /** What checks find, all on one look, by their names. */
  async verify(
    names: readonly string[] = checks.map(({ name }) => name),
    target: Partial<Target> = {},
  ): Promise<Map<string, Outcome>> {
    const chosen = checks.filter(({ name }) => names.includes(name));
    return withEnvironment(awsEnvironment(this.#ec2), async () => {
      const live = openLive({ ...this.#target, ...target }, concurrency, new AbortController().signal);
      try {
        const outcomes = await Promise.all(chosen.map((check) => judge(check, live)));
        return new Map(outcomes.map((outcome) => [outcome.name, outcome]));
      } finally {
        await removeProbes(live);
        live.cluster.close();
      }
    });
  }

  /** Names of the checks that do not pass, of those that are named. */
  async failing(names: readonly string[], target: Partial<Target> = {}): Promise<string[]> {
    const outcomes = await this.verify(names, target);
    return [...outcomes.values()].filter(({ verdict }) => verdict !== "passed").map(({ name }) => name);
  }

  /** How a command in another process reaches the simulated EC2. */
  get awsEnvironment(): Readonly<Record<string, string>> {
    return awsEnvironment(this.#ec2);
  }

  async end(): Promise<void> {
    this.api.client.close();
    await this.#ec2.stop();
    await this.living.end();
  }
}

/** What was seen but passed, as `node: evidence`. */
export function wrongIn({ findings }: Outcome): string[] {
  const text = ({ node, evidence }: Finding) => (node === undefined ? evidence : `${node}: ${evidence}`);
  return findings.filter(({ verdict }) => verdict !== "passed").map(text);
}
