import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Api } from "../realKubernetes/api.ts";
import type { ApiAddress } from "../realKubernetes/client.ts";
import { Mirror } from "../realKubernetes/mirror.ts";
import { AwsEndpoints, type AwsEndpointsOptions } from "./awsEndpoints.ts";
import { cgroupMount, makeRunGroup, removeGroup, removeLeftGroups } from "./cgroups.ts";
import { start } from "./command.ts";
import { LabNode, type NodePrograms, resolverIp } from "./labNode.ts";
import { connectionIn, type LabInstance, type LabInterface, portName } from "./networkInterfaces.ts";
import type { Pod } from "./podSpec.ts";
import { resolve } from "./resolver.ts";
import { Space } from "./space.ts";
import { type Connection, Vpc } from "./vpc.ts";

const warden = fileURLToPath(new URL("warden.sh", import.meta.url));

/** Begins the name of the folder of a run. */
const folderPrefix = "calico-ebpf-eks-lab-";

/** Where the control plane is, in the simulated VPC and on this machine. */
interface ControlPlane {
  readonly api: Api;
  readonly address: ApiAddress;
  /** Host of the cluster's endpoint, as nodes name it. */
  readonly host: string;
  /** Its address in the VPC; it answers at port 443, as on EKS. */
  readonly ip: string;
  /** First address of the services' range: service `kubernetes`. */
  readonly kubernetesService: string;
}

export interface DataPathOptions {
  readonly controlPlane: ControlPlane;
  readonly programs: NodePrograms;
  readonly aws: Omit<AwsEndpointsOptions, "instances" | "onSourceDestCheck">;
  /** A node has turned the check of an interface on or off. */
  readonly onSourceDestCheck?: (instance: LabInstance, on: boolean) => void;
  /** Further names that nodes resolve. */
  readonly hosts?: ReadonlyMap<string, string>;
}

/** An instance to make a node of. */
export interface InstanceToStart extends LabInstance {
  readonly nodeName: string;
  readonly connection: Connection;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Starts what cleans up however this process ends. Not as a child of it: what ends a run ends its descendants too.
 */
function watchOver(cgroup: string, folder: string): void {
  const argv = ["setsid", "--fork", "sh", warden, cgroup, folder];
  // Not its stdin: Node closes that when the first of the two processes ends.
  const child = start(argv, { stdio: ["ignore", "ignore", "ignore", "pipe"], detached: true });
  child.unref();
  (child.stdio[3] as Socket).unref();
}

/** A folder gets its control group at once; until then it looks like one that was left. */
const youngMilliseconds = 60_000;

/** Removes the folders of runs that were killed together with what watched over them. */
function removeLeftFolders(mount: string): void {
  const groups = readdirSync(mount);
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), name);
    const isYoung = Date.now() - statSync(folder).mtimeMs < youngMilliseconds;
    if (isYoung || groups.some((group) => group.endsWith(`-${name.slice(-6)}`))) continue;
    removeFolder(folder);
  }
}

/** By this setting the kernel counts the time of eBPF programs; and the file by which a run says that it set it. */
const [programStatistics, statisticsMark] = ["/proc/sys/kernel/bpf_stats_enabled", "bpf-stats"];

/** Removes the folder of a run, and takes back what the run set for the whole machine. */
function removeFolder(folder: string): void {
  if (existsSync(join(folder, statisticsMark))) writeFileSync(programStatistics, "0");
  rmSync(folder, { recursive: true, force: true });
}

/** A VPC with real packets in it, and the nodes of a cluster. */
export class DataPath {
  readonly vpc: Vpc;
  readonly aws: AwsEndpoints;
  readonly #options: DataPathOptions;
  readonly #folder: string;
  readonly #cgroup: string;
  readonly #mirror: Mirror;
  readonly #nodes = new Map<string, LabNode>();
  readonly #instances = new Map<string, LabInstance>();
  readonly #clients = new Map<string, Space>();
  #setting: Promise<void> = Promise.resolve();

  private constructor(options: DataPathOptions, folder: string, cgroup: string, vpc: Vpc) {
    this.vpc = vpc;
    this.#options = options;
    this.#folder = folder;
    this.#cgroup = cgroup;
    this.#mirror = new Mirror(options.controlPlane.api, () => this.#follow());
    this.aws = new AwsEndpoints({
      ...options.aws,
      instances: () => [...this.#instances.values()],
      onSourceDestCheck: (instance, on) => {
        options.onSourceDestCheck?.(instance, on);
        void this.setSourceDestCheck(instance.id, on);
      },
    });
  }

  /**
   * Starts the network and what answers in it.
   * @throws Error when the machine refuses a part of it
   */
  static async start(options: DataPathOptions): Promise<DataPath> {
    const mount = cgroupMount();
    if (mount === undefined)
      throw new Error("no cgroup2 is mounted: mount -t cgroup2 none /sys/fs/cgroup/unified");
    await removeLeftGroups(mount);
    removeLeftFolders(mount);
    const folder = mkdtempSync(join(tmpdir(), folderPrefix));
    const cgroup = makeRunGroup(mount, folder.slice(-6));
    watchOver(cgroup, folder);
    const vpc = await Vpc.start({ name: "vpc", folder, cgroup });
    const lab = new DataPath(options, folder, cgroup, vpc);
    await lab.#begin();
    return lab;
  }

  get nodes(): readonly LabNode[] {
    return [...this.#nodes.values()];
  }

  node(name: string): LabNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  /** Starts an instance and makes a node of it. */
  async addNode(instance: InstanceToStart): Promise<LabNode> {
    const { id, nodeName: name, connection, subnetId, labels = {}, sourceDestCheck } = instance;
    const { controlPlane, programs, aws, hosts = new Map() } = this.#options;
    this.#instances.set(id, instance);
    const node = await LabNode.start(
      { api: controlPlane.api, vpc: this.vpc, folder: this.#folder, cgroup: this.#cgroup },
      programs,
      {
        name,
        connection: { ...connection, sourceDestCheck },
        labels,
        providerId: `aws:///${subnetId}/${id}`,
        hosts: new Map([...this.aws.hosts, [controlPlane.host, controlPlane.ip], ...hosts]),
        trusted: aws.certificate.certificate,
      },
      controlPlane.kubernetesService,
    );
    this.#nodes.set(name, node);
    this.#follow();
    return node;
  }

  /** The instance ends, without a good-bye. */
  async removeNode(name: string): Promise<void> {
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    this.#nodes.delete(name);
    for (const [id, { ip }] of this.#instances) if (ip === node.ip) this.#instances.delete(id);
    await node.stop();
    await this.vpc.disconnect(name);
  }

  /** A machine that is not a node: a client in another subnet, or outside of the VPC. */
  async addClient(name: string, connection: Connection): Promise<Space> {
    const space = await Space.start({ name, folder: this.#folder, cgroup: this.#cgroup });
    this.#clients.set(name, space);
    await this.vpc.connect(space, connection);
    return space;
  }

  /** The source/destination check of an instance's interface, as AWS has it. */
  async setSourceDestCheck(instanceId: string, on: boolean): Promise<void> {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) return;
    this.#instances.set(instanceId, { ...instance, sourceDestCheck: on });
    const node = this.nodes.find(({ ip }) => ip === instance.ip);
    if (node !== undefined) await this.vpc.change(new Map([[node.name, { sourceDestCheck: on }]]));
  }

  /** Gives an instance the interfaces that it has in AWS, one change after the other. */
  setInterfaces(
    instanceId: string,
    interfaces: readonly LabInterface[],
    rules: NonNullable<Connection["rules"]>,
  ): Promise<void> {
    const set = () => this.#setInterfaces(instanceId, interfaces, rules);
    this.#setting = this.#setting.then(set, set);
    return this.#setting;
  }

  /** A further one has the check on until it is turned off. */
  async #setInterfaces(
    instanceId: string,
    interfaces: readonly LabInterface[],
    rules: NonNullable<Connection["rules"]>,
  ): Promise<void> {
    const ip = this.#instances.get(instanceId)?.ip;
    const node = this.nodes.find((one) => one.ip === ip);
    if (node === undefined) return;
    const names = interfaces.map((one) => portName(node.name, one));
    for (const [index, one] of interfaces.entries()) {
      const name = names[index] ?? "";
      if (this.vpc.portOf(name) === undefined) {
        const connection = { ...connectionIn(one.subnetCidr, one.ip), rules, sourceDestCheck: true };
        await this.vpc.attach(node.space, name, `eth${one.deviceIndex}`, connection);
      }
      await this.vpc.change(new Map([[name, { prefixes: one.prefixes }]]));
    }
    await this.vpc.detach(node.name, names);
  }

  /** Processor time of everything that has run in the VPC and on the nodes that are there, in seconds. */
  get busySeconds(): number {
    const text = readFileSync(join(this.#cgroup, "cpu.stat"), "utf8");
    return Number(/^usage_usec (\d+)/m.exec(text)?.[1]) / 1e6;
  }

  /** Has the kernel count the time of eBPF programs until the run ends, however it does. */
  countPrograms(): void {
    if (readFileSync(programStatistics, "utf8").trim() !== "0") return;
    writeFileSync(join(this.#folder, statisticsMark), "");
    writeFileSync(programStatistics, "1");
  }

  instance(id: string): LabInstance | undefined {
    return this.#instances.get(id);
  }

  /** Ends every machine, and removes what the run has made. */
  async stop(): Promise<void> {
    this.#mirror.stop();
    await Promise.all([...this.nodes, ...this.#clients.values()].map((one) => one.stop()));
    await this.vpc.stop();
    await removeGroup(this.#cgroup);
    // The mounts of a space go when its last process has.
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        return removeFolder(this.#folder);
      } catch {
        await sleep(100);
      }
    }
  }

  async #begin(): Promise<void> {
    const { controlPlane } = this.#options;
    await this.vpc.own(controlPlane.ip);
    await this.aws.listen(this.vpc);
    await this.vpc.own(resolverIp);
    const names = new Map([...this.aws.hosts, [controlPlane.host, controlPlane.ip]]);
    resolve(await this.vpc.sockets.datagrams(resolverIp, 53), (name) => names.get(name));
    const port = Number(new URL(controlPlane.address.url).port);
    await this.vpc.sockets.listen(controlPlane.ip, 443, (socket) => {
      const inside = connect(port, "127.0.0.1");
      inside.on("error", () => socket.destroy());
      socket.on("close", () => inside.destroy());
      inside.on("close", () => socket.destroy());
      socket.pipe(inside).pipe(socket);
    });
    await this.#mirror.follow("v1", "Pod");
  }

  #follow(): void {
    const pods = Map.groupBy(
      this.#mirror.ofKind("v1", "Pod") as unknown as Pod[],
      ({ spec }) => spec.nodeName,
    );
    for (const [name, node] of this.#nodes) node.follow(pods.get(name) ?? []);
  }
}
