import { milestones } from "../../../components/facts/durations.ts";
import type { Values } from "../protocol/provider.ts";
import type { Activity } from "../world/activity.ts";
import type { ApiServer } from "./apiServer.ts";
import type { CloudView } from "./cloudView.ts";
import { type FelixSettings, type NodeReport, nodeReports } from "./felix.ts";
import { at, type KubernetesObject } from "./object.ts";

const manager = "operator";
const deploymentKey = "apps/v1/Deployment/tigera-operator/tigera-operator";
const endpointKey = "v1/ConfigMap/tigera-operator/kubernetes-services-endpoint";
const installationKey = "operator.tigera.io/v1/Installation//default";
const daemonSetKey = "apps/v1/DaemonSet/calico-system/calico-node";
export const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";

/** Kinds that the operator installs when it starts. */
const ownKinds = [
  "operator.tigera.io/v1/Installation",
  "operator.tigera.io/v1/APIServer",
  "crd.projectcalico.org/v1/FelixConfiguration",
];

/** Defaults that the operator writes into a pool, each only where nothing is said. */
const poolDefaults = {
  name: "default-ipv4-ippool",
  encapsulation: "VXLAN",
  natOutgoing: "Enabled",
  blockSize: 26,
  nodeSelector: "all()",
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  disableBGPExport: false,
  disableNewAllocations: false,
};

/** What it fills into FelixConfiguration, each only where nothing is said. */
const felixDefaults = { healthPort: 9099, vxlanPort: 4789, vxlanVNI: 4096 };

const bpfAnnotation = "operator.tigera.io/bpfEnabled";

/** Annotations are part of a path, dots included: read here, not by `at`. */
function annotation(object: KubernetesObject | undefined, name: string): string | undefined {
  return object?.metadata.annotations?.[name];
}

/**
 * Stands in for the Tigera operator: what the program's order depends on, as tigera/operator v1.42.4 was seen to do it.
 */
export class Operator {
  readonly #api: ApiServer;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  readonly #started = new Set<string>();
  readonly #starting = new Set<string>();
  #podRuns = false;
  #podStarting = false;
  #rolledOut: number | undefined;
  #rolling = false;
  #reconciling = false;
  #again = false;

  constructor(api: ApiServer, cloud: CloudView, activity: Activity) {
    this.#api = api;
    this.#cloud = cloud;
    this.#activity = activity;
  }

  /** Whether the Deployment is available. */
  get available(): boolean {
    return this.#podRuns;
  }

  /** Why the operator's pod does not run; undefined when it does. */
  get podProblem(): string | undefined {
    const deployment = this.#api.get(deploymentKey);
    if (deployment === undefined) return "there is no Deployment tigera-operator";
    if (this.#cloud.instances.size === 0) return "a node on which the operator's pod can run";
    const dnsPolicy = at(deployment, "spec.template.spec.dnsPolicy");
    const host = this.#cloud.endpointHost();
    if (dnsPolicy !== "Default") {
      return `the operator's pod to resolve ${host}: dnsPolicy ${dnsPolicy} asks CoreDNS, which waits for Calico`;
    }
    const reached = this.#apiServer();
    if (reached === undefined)
      return "ConfigMap kubernetes-services-endpoint: without it the pod needs kube-proxy";
    return reached === `${host}:443` ? undefined : `the API server to answer at ${reached}`;
  }

  /** calico-node on every node that it has started on. */
  reports(): NodeReport[] {
    const instances = [...this.#cloud.instances.values()].filter(({ id }) => this.#started.has(id));
    return nodeReports(instances, this.#felixSettings(), this.#cloud);
  }

  /** Forgets everything: the cluster is gone. */
  reset(): void {
    this.#started.clear();
    this.#starting.clear();
    this.#podRuns = false;
    this.#rolledOut = undefined;
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

  #step(): void {
    this.#podRuns = this.#podRuns && this.podProblem === undefined;
    const installation = this.#api.get(installationKey);
    if (!this.#podRuns) this.#startPod();
    else if (installation?.metadata.deletionTimestamp !== undefined) this.#cleanUp();
    else if (installation !== undefined) this.#install(installation);
  }

  #install(installation: KubernetesObject): void {
    this.#fillIn(installation);
    const wantsBpf = at(installation, "spec.calicoNetwork.linuxDataplane") === "BPF";
    const fresh = this.#api.get(daemonSetKey) === undefined;
    this.#api.merge(felixKey, this.#felixFillings(), manager);
    if ((fresh || !wantsBpf) && !this.#setBpf(wantsBpf)) return;
    if (fresh) this.#renderCalicoNode();
    this.#startCalicoNodes();
    this.#rollOut(installation, wantsBpf);
    this.#report();
  }

  #startPod(): void {
    if (this.#podStarting || this.podProblem !== undefined) return;
    this.#podStarting = true;
    void this.#activity.work(milestones.operatorStart.seconds).then(() => {
      this.#podStarting = false;
      this.#podRuns = this.podProblem === undefined;
      if (this.#podRuns) this.#api.installKinds(ownKinds);
    });
  }

  /** Writes defaults back. A half-specified pool then belongs to the operator, as on a real cluster. */
  #fillIn(installation: KubernetesObject): void {
    const pools = at(installation, "spec.calicoNetwork.ipPools");
    const filled = (Array.isArray(pools) ? pools : []).map((pool: Values) => ({ ...poolDefaults, ...pool }));
    this.#api.merge(
      installationKey,
      {
        metadata: {
          finalizers: ["tigera.io/operator-cleanup", "operator.tigera.io/installation-controller"],
        },
        spec: { calicoNetwork: { ipPools: filled } },
      },
      manager,
    );
  }

  #felixFillings(): Values {
    const present = this.#api.get(felixKey);
    if (present === undefined) {
      const metadata = { name: "default" };
      this.#api.create(
        { apiVersion: "crd.projectcalico.org/v1", kind: "FelixConfiguration", metadata },
        manager,
      );
    }
    const missing = Object.entries(felixDefaults).filter(
      ([field]) => at(present, `spec.${field}`) === undefined,
    );
    return { spec: { ...Object.fromEntries(missing), nftablesMode: "Enabled" } };
  }

  /** Sets bpfEnabled, unless someone else did: then it refuses without a condition that would say so. */
  #setBpf(enabled: boolean): boolean {
    const felix = this.#api.get(felixKey);
    const value = at(felix, "spec.bpfEnabled");
    const noted = annotation(felix, bpfAnnotation);
    if (noted !== (value === undefined ? undefined : String(value))) return false;
    this.#api.merge(
      felixKey,
      { metadata: { annotations: { [bpfAnnotation]: String(enabled) } }, spec: { bpfEnabled: enabled } },
      manager,
    );
    return true;
  }

  #renderCalicoNode(): void {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "calico-system" } };
    this.#api.apply(namespace, manager);
    this.#api.apply(
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "calico-node", namespace: "calico-system" },
      },
      manager,
    );
  }

  #startCalicoNodes(): void {
    for (const instance of this.#cloud.instances.values()) {
      if (this.#started.has(instance.id) || this.#starting.has(instance.id)) continue;
      this.#starting.add(instance.id);
      void this.#activity.work(milestones.calicoNodeStart.seconds).then(() => {
        this.#starting.delete(instance.id);
        this.#started.add(instance.id);
        // The CNI configuration comes from an init container: the node is Ready before calico-node is.
        instance.ready = true;
        this.#activity.changed();
      });
    }
  }

  /** A change of the Installation rolls calico-node; on a living cluster eBPF goes on only after that. */
  #rollOut({ metadata }: KubernetesObject, wantsBpf: boolean): void {
    const { generation } = metadata;
    if (this.#rolledOut === generation) {
      if (wantsBpf && this.reports().every(({ ready }) => ready)) this.#setBpf(true);
      return;
    }
    if (this.#rolling) return;
    this.#rolling = true;
    void this.#activity
      .work(this.#rolledOut === undefined ? 0 : milestones.calicoNodeStart.seconds)
      .then(() => {
        this.#rolling = false;
        this.#rolledOut = generation;
        this.#activity.changed();
      });
  }

  #report(): void {
    const generation = this.#api.get(installationKey)?.metadata.generation;
    const reports = this.reports();
    const waiting = [...this.#cloud.instances.values()].filter(({ id }) => !this.#started.has(id));
    const problems = [
      ...(this.#cloud.instances.size === 0 ? ["not enough linux nodes to schedule typha pods on"] : []),
      ...waiting.map(({ nodeName }) => `calico-node on ${nodeName} is starting`),
      ...reports.flatMap(({ nodeName, problem }) =>
        problem ? [`calico-node on ${nodeName} is not ready: ${problem}`] : [],
      ),
    ];
    const ready = problems.length === 0 && this.#rolledOut === generation;
    const condition = {
      type: "Ready",
      status: ready ? "True" : "False",
      message: problems.join("; "),
      observedGeneration: this.#rolledOut ?? 0,
    };
    this.#api.merge(installationKey, { status: { conditions: [condition] } }, manager);
  }

  #cleanUp(): void {
    this.#api.delete(daemonSetKey);
    this.#rolledOut = undefined;
    this.#api.merge(installationKey, { metadata: { finalizers: [] } }, manager);
    this.#api.delete(installationKey);
  }

  #apiServer(): string | undefined {
    const data = at(this.#api.get(endpointKey), "data");
    const host = at(data, "KUBERNETES_SERVICE_HOST");
    return host === undefined ? undefined : `${host}:${at(data, "KUBERNETES_SERVICE_PORT")}`;
  }

  #felixSettings(): FelixSettings {
    const felix = this.#api.get(felixKey);
    return {
      apiServer: this.#apiServer(),
      dnsPolicy: String(at(this.#api.get(deploymentKey), "spec.template.spec.dnsPolicy")),
      awsSrcDstCheck: at(felix, "spec.awsSrcDstCheck"),
      bpfEnabled: at(felix, "spec.bpfEnabled") === true,
    };
  }
}
