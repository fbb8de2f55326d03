import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";
import type { ApiServer } from "./apiServer.ts";
import type { CloudView } from "./cloudView.ts";
import { type FelixSettings, type NodeReport, nodeReports, turnChecksOff } from "./felix.ts";
import {
  bpfEnabled,
  bpfRefusal,
  felixKey,
  fillFelixConfiguration,
  operatorManager,
  setBpfEnabled,
} from "./felixConfiguration.ts";
import { at, type KubernetesObject, keyOf } from "./object.ts";
import { OperatorPod } from "./operatorPod.ts";
import { cniOf, filledPools, installationRefusal } from "./pools.ts";
import { type Revision, Rollout } from "./rollout.ts";
import { reportStatuses } from "./statuses.ts";

const installationKey = "operator.tigera.io/v1/Installation//default";

/** A few of its finalizers; only a running operator takes them off. */
const finalizers = ["tigera.io/operator-cleanup", "operator.tigera.io/installation-controller"];

const namespace: KubernetesObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "calico-system" },
};

const daemonSet: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "calico-node", namespace: "calico-system" },
};

/**
 * Stands in for the Tigera operator: what the program's order depends on, as tigera/operator v1.42.4 was seen to do it.
 */
export class Operator {
  readonly #api: ApiServer;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  readonly #pod: OperatorPod;
  #rollout: Rollout;
  #reconciling = false;
  #again = false;

  constructor(api: ApiServer, cloud: CloudView, activity: Activity) {
    this.#api = api;
    this.#cloud = cloud;
    this.#activity = activity;
    this.#pod = new OperatorPod(api, cloud, activity);
    this.#rollout = new Rollout(activity);
  }

  /** Whether the Deployment is available. */
  get available(): boolean {
    return this.#pod.running;
  }

  /** What it takes for the operator's pod to run; undefined when all is there. */
  get podNeeds(): string | undefined {
    return this.#pod.needs;
  }

  /** calico-node on every node. */
  reports(): NodeReport[] {
    return nodeReports(this.#instances, this.#felixSettings());
  }

  /** Nodes on which calico-node is ready, so that pods start there. */
  readyNodes(): Instance[] {
    const ready = this.reports().filter((report) => report.ready);
    const names = new Set(ready.map(({ nodeName }) => nodeName));
    return this.#instances.filter(({ nodeName }) => names.has(nodeName));
  }

  /** Forgets everything: the cluster is gone. */
  reset(): void {
    this.#pod.reset();
    this.#rollout = new Rollout(this.#activity);
  }

  /** Looks at the world and does the next thing; called on every change, returns without waiting. */
  reconcile(): void {
    // Its own writes are changes, too.
    this.#again = true;
    if (this.#reconciling) return;
    this.#reconciling = true;
    while (this.#again) {
      this.#again = false;
      this.#step();
    }
    this.#reconciling = false;
  }

  get #instances(): Instance[] {
    return [...this.#cloud.instances.values()];
  }

  #step(): void {
    // What is on the nodes needs no operator to go on.
    turnChecksOff(this.#instances, this.#felixSettings());
    this.#pod.follow();
    const installation = this.#pod.running ? this.#api.get(installationKey) : undefined;
    if (installation === undefined) return;
    if (installation.metadata.deletionTimestamp === undefined) this.#install(installation);
    else this.#cleanUp();
  }

  #install(installation: KubernetesObject): void {
    this.#fillIn(installation);
    const dataplane = at(installation, "spec.calicoNetwork.linuxDataplane");
    const wantsBpf = dataplane === "BPF";
    const cni = cniOf(at(installation, "spec"));
    const refusal = installationRefusal(at(installation, "spec"));
    if (refusal !== undefined) {
      this.#report([refusal], []);
      return;
    }
    fillFelixConfiguration(this.#api, dataplane, cni);
    if (this.#api.get(keyOf(daemonSet)) === undefined) {
      // Refused, it stops here, and no condition says so.
      if (wantsBpf && !setBpfEnabled(this.#api, true)) return;
      this.#api.apply(namespace, operatorManager);
      this.#api.apply(daemonSet, operatorManager);
    }
    this.#rollout.start(this.#instances, cni === "Calico");
    // What was filled in made another generation of it.
    this.#rollout.roll(this.#wanted(this.#api.get(installationKey) ?? installation));
    this.#report(this.#follow(wantsBpf));
  }

  /** Writes defaults back. A half-specified pool then belongs to the operator, as on a real cluster. */
  #fillIn(installation: KubernetesObject): void {
    const cni = cniOf(at(installation, "spec"));
    const ipPools = filledPools(at(installation, "spec.calicoNetwork.ipPools"), cni);
    const linuxDataplane = at(installation, "spec.calicoNetwork.linuxDataplane") ?? "Iptables";
    const calicoNetwork = {
      ...(ipPools === undefined ? {} : { ipPools }),
      linuxDataplane: String(linuxDataplane),
    };
    const patch = { metadata: { finalizers }, spec: { calicoNetwork } };
    this.#api.merge(installationKey, patch, operatorManager);
  }

  /** Lets bpfEnabled follow the dataplane: off at once, on only after the rollout. Returns what it refuses. */
  #follow(wantsBpf: boolean): string[] {
    if (bpfEnabled(this.#api) === wantsBpf) return [];
    if (wantsBpf && !(this.#rolledOut() && this.reports().every(({ ready }) => ready))) return [];
    return setBpfEnabled(this.#api, wantsBpf) ? [] : [bpfRefusal];
  }

  #report(refused: readonly string[], reports: readonly NodeReport[] = this.reports()): void {
    const problems = [
      ...refused,
      ...reports.flatMap(({ nodeName, problem }) =>
        problem === undefined ? [] : [`calico-node on ${nodeName} is not ready: ${problem}`],
      ),
    ];
    const isReady = problems.length === 0 && this.#rolledOut();
    const { generation = 0, calicoVersion = "" } = this.#rollout.revision ?? {};
    const condition = {
      type: "Ready",
      status: isReady ? "True" : "False",
      message: problems.join("; "),
      observedGeneration: generation,
    };
    reportStatuses(this.#api, { isReady, problems, generation });
    // Written only once all is there, as the real one does (pkg/controller/installation/core_controller.go).
    const status = { conditions: [condition], ...(isReady ? { calicoVersion } : {}) };
    this.#api.merge(installationKey, { status }, operatorManager);
  }

  #cleanUp(): void {
    this.#api.delete(keyOf(daemonSet));
    this.#rollout = new Rollout(this.#activity);
    this.#api.merge(installationKey, { metadata: { finalizers: [] } }, operatorManager);
  }

  #wanted(installation: KubernetesObject): Revision {
    return { generation: installation.metadata.generation ?? 0, calicoVersion: this.#pod.calicoVersion };
  }

  #rolledOut(): boolean {
    const installation = this.#api.get(installationKey);
    return installation !== undefined && this.#rollout.has(this.#wanted(installation));
  }

  #felixSettings(): FelixSettings {
    return {
      cloud: this.#cloud,
      started: this.#rollout.started,
      apiServer: this.#pod.apiServer,
      dnsPolicy: this.#pod.dnsPolicy,
      awsSrcDstCheck: at(this.#api.get(felixKey), "spec.awsSrcDstCheck"),
      bpfEnabled: bpfEnabled(this.#api) === true,
    };
  }
}
