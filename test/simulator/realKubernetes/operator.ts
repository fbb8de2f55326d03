import type { NodeReport } from "../kubernetes/felix.ts";
import { bpfPatch, bpfRefusal, felixFillings, operatorManager } from "../kubernetes/felixConfiguration.ts";
import { at, type KubernetesObject, keyOf } from "../kubernetes/object.ts";
import { cniOf, filledPools } from "../kubernetes/pools.ts";
import type { Values } from "../protocol/provider.ts";
import { sameValue } from "../protocol/values.ts";
import type { Api, ObjectName } from "./api.ts";
import type { Mirror } from "./mirror.ts";
import { installationConditions, statusConditions, tigeraStatus } from "./statuses.ts";
import { calicoWorkloads } from "./workloads.ts";

export const felixName = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
} as const;
export const installationName = {
  apiVersion: "operator.tigera.io/v1",
  kind: "Installation",
  metadata: { name: "default" },
} as const;
const apiServerName = { ...installationName, kind: "APIServer" } as const;
export const calicoNodeName = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "calico-node", namespace: "calico-system" },
} as const;

/** A few of its finalizers; only a running operator takes them off. */
const finalizers = ["tigera.io/operator-cleanup", "operator.tigera.io/installation-controller"];

/** What the operator sees of the world around the API server. */
export interface OperatorView {
  readonly dnsPolicy: string;
  /** Host and port in its configuration. */
  readonly apiServer: string | undefined;
  /** Release that it installs: `v3.32.4`. */
  readonly calicoVersion: string;
  readonly reports: readonly NodeReport[];
}

/**
 * Stands in for the Tigera operator on a real API server: what the program's order depends on, as tigera/operator
 * v1.42.4 was seen to do it.
 */
export class RealOperator {
  readonly #api: Api;
  readonly #mirror: Mirror;
  /** Generation of the Installation that the workloads were rendered for. */
  #rendered = 0;
  /** Workloads as applied last: the API server adds defaults to what it keeps. */
  readonly #applied = new Map<string, string>();

  constructor(api: Api, mirror: Mirror) {
    this.#api = api;
    this.#mirror = mirror;
  }

  /** Looks at what is wanted and does the next thing. */
  async reconcile(view: OperatorView): Promise<void> {
    const installation = this.#live(installationName);
    if (installation === undefined) return;
    if (installation.metadata.deletionTimestamp !== undefined) return this.#cleanUp(installation);
    const filled = await this.#fillIn(installation);
    const dataplane = at(filled, "spec.calicoNetwork.linuxDataplane");
    const bpf = dataplane === "BPF";
    const cni = cniOf(at(filled, "spec"));
    await this.#fillFelix(dataplane, cni);
    // Refused on a fresh install, it stops here, and no condition says so.
    if (this.#live(calicoNodeName) === undefined && bpf && !(await this.#setBpf(true))) return;
    await this.#render(bpf, cni, view);
    this.#rendered = filled.metadata.generation ?? 0;
    await this.#report(await this.#followDataplane(bpf), view);
  }

  #live(name: ObjectName): KubernetesObject | undefined {
    return this.#mirror.get(keyOf(name));
  }

  /** Writes defaults back. A half-specified pool then belongs to the operator, as on a real cluster. */
  async #fillIn(installation: KubernetesObject): Promise<KubernetesObject> {
    const present = at(installation, "spec.calicoNetwork.ipPools");
    const ipPools = filledPools(present, cniOf(at(installation, "spec")));
    const dataplane = at(installation, "spec.calicoNetwork.linuxDataplane");
    const merged = [...new Set([...(installation.metadata.finalizers ?? []), ...finalizers])];
    const patch = {
      ...(sameValue(merged, installation.metadata.finalizers) ? {} : { metadata: { finalizers: merged } }),
      ...(sameValue(present, ipPools) && dataplane !== undefined
        ? {}
        : {
            spec: {
              calicoNetwork: {
                ...(ipPools === undefined ? {} : { ipPools }),
                linuxDataplane: dataplane ?? "Iptables",
              },
            },
          }),
    };
    return Object.keys(patch).length === 0 ? installation : this.#merge(installationName, patch);
  }

  async #fillFelix(dataplane: unknown, cni: string): Promise<void> {
    const felix = this.#live(felixName);
    if (felix === undefined) {
      const empty = { ...felixName, spec: {} };
      this.#mirror.take(await this.#api.create(empty, { manager: operatorManager }));
    }
    const spec = felixFillings(felix, dataplane, cni);
    const present = Object.keys(spec).every((field) => sameValue(at(felix, `spec.${field}`), spec[field]));
    if (!present) await this.#merge(felixName, { spec });
  }

  /** Sets bpfEnabled, unless someone else did. Returns whether it is as it should be. */
  async #setBpf(enabled: boolean): Promise<boolean> {
    const felix = this.#live(felixName);
    const patch = bpfPatch(felix, enabled);
    if (patch !== undefined && at(felix, "spec.bpfEnabled") !== enabled) await this.#merge(felixName, patch);
    return patch !== undefined;
  }

  async #render(bpf: boolean, cni: string, { reports, ...configured }: OperatorView): Promise<void> {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "calico-system" } };
    if (this.#live(namespace) === undefined) await this.#apply(namespace);
    const typhaReplicas = replicas(reports.length);
    const rendered = calicoWorkloads({
      ...configured,
      bpf,
      cni,
      typhaReplicas,
      hasApiServer: this.#live(apiServerName) !== undefined,
    });
    for (const object of rendered) {
      const text = JSON.stringify(object);
      if (this.#live(object) !== undefined && this.#applied.get(keyOf(object)) === text) continue;
      await this.#apply(object);
      this.#applied.set(keyOf(object), text);
    }
  }

  /** Lets bpfEnabled follow the dataplane: off at once, on only after the rollout. Returns what it refuses. */
  async #followDataplane(bpf: boolean): Promise<string[]> {
    const value = at(this.#live(felixName), "spec.bpfEnabled");
    if (value === bpf) return [];
    if (bpf && !this.#rolledOut()) return [];
    return (await this.#setBpf(bpf)) ? [] : [bpfRefusal];
  }

  /** calico-node runs everywhere as rendered last. */
  #rolledOut(): boolean {
    const live = this.#live(calicoNodeName);
    const count = (name: string) => Number(at(live, `status.${name}`) ?? 0);
    return (
      live !== undefined &&
      count("observedGeneration") === live.metadata.generation &&
      count("desiredNumberScheduled") === count("updatedNumberScheduled") &&
      count("desiredNumberScheduled") === count("numberAvailable")
    );
  }

  async #report(refused: readonly string[], { calicoVersion, reports }: OperatorView): Promise<void> {
    const problems = [
      ...refused,
      ...(reports.length === 0 ? ["not enough linux nodes to schedule typha pods on"] : []),
      ...reports.flatMap(({ nodeName, problem }) =>
        problem === undefined ? [] : [`calico-node on ${nodeName} is not ready: ${problem}`],
      ),
    ];
    const state = {
      problems,
      available: problems.length === 0 && this.#rolledOut(),
      generation: this.#rendered,
    };
    const hasApiServer = this.#live(apiServerName) !== undefined;
    await this.#status(installationName, installationConditions(state));
    // Written only once all is there, as the real one does (pkg/controller/installation/core_controller.go).
    if (state.available && at(this.#live(installationName), "status.calicoVersion") !== calicoVersion) {
      const status = { calicoVersion };
      this.#mirror.take(await this.#api.merge(installationName, { status }, operatorManager, "status"));
    }
    await this.#tigeraStatus("calico", statusConditions(state));
    await this.#tigeraStatus("ippools", statusConditions({ ...state, problems: [], available: true }));
    const waiting = hasApiServer ? [] : ["Waiting for Tigera API server to be ready"];
    if (hasApiServer) {
      await this.#tigeraStatus("apiserver", statusConditions(state));
      await this.#status(apiServerName, installationConditions(state));
    }
    await this.#tigeraStatus(
      "tiers",
      statusConditions({ ...state, problems: waiting, available: hasApiServer && state.available }),
    );
  }

  async #tigeraStatus(name: string, conditions: Values[]): Promise<void> {
    const status = tigeraStatus(name);
    if (this.#live(status) === undefined) {
      this.#mirror.take(await this.#api.create(status, { manager: operatorManager }));
    }
    await this.#status(status, conditions);
  }

  /** Writes conditions when they say something new. */
  async #status(name: ObjectName, conditions: Values[]): Promise<void> {
    const live = this.#live(name);
    const present = at(live, "status.conditions");
    const said = Array.isArray(present)
      ? present.map(({ lastTransitionTime: _, ...rest }: Values) => rest)
      : undefined;
    if (live === undefined || sameValue(said, conditions)) return;
    const lastTransitionTime = new Date().toISOString();
    const status = { conditions: conditions.map((one) => ({ ...one, lastTransitionTime })) };
    this.#mirror.take(await this.#api.merge(name, { status }, operatorManager, "status"));
  }

  /** Takes what it made away, then its finalizers off. */
  async #cleanUp({ metadata }: KubernetesObject): Promise<void> {
    const typha = { apiVersion: "apps/v1", kind: "Deployment" };
    await this.#api.delete(calicoNodeName, { propagationPolicy: "Background" });
    await this.#api.delete(
      { ...typha, metadata: { name: "calico-typha", namespace: "calico-system" } },
      { propagationPolicy: "Background" },
    );
    this.#rendered = 0;
    const rest = (metadata.finalizers ?? []).filter((one) => !finalizers.includes(one));
    if (rest.length === metadata.finalizers?.length) return;
    await this.#merge(installationName, { metadata: { finalizers: rest } });
  }

  async #apply(object: KubernetesObject): Promise<void> {
    this.#mirror.take(await this.#api.apply(object, { manager: operatorManager, force: true }));
  }

  async #merge(name: ObjectName, patch: object): Promise<KubernetesObject> {
    const live = await this.#api.merge(name, patch, operatorManager);
    this.#mirror.take(live);
    return live;
  }
}

/** Number of Typhas for a number of nodes (tigera/operator pkg/common/autoscale.go). */
function replicas(nodes: number): number {
  if (nodes <= 2) return 1;
  return nodes <= 4 ? 2 : Math.max(3, Math.ceil(nodes / 200));
}
