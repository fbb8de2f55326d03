import { at, type KubernetesObject } from "../kubernetes/object.ts";
import type { Api } from "./api.ts";
import type { Cluster } from "./cluster.ts";

const name = "tigera-operator";

/** Milliseconds after which a kubelet starts what ended again. */
const backOffMilliseconds = 2000;

export interface OperatorProcessOptions {
  readonly cluster: Pick<Cluster, "kubeconfigFile" | "run" | "end" | "ended">;
  readonly api: Api;
  /** The executable of the operator that installs a Calico release: `3.32.4`. */
  readonly operatorFile: (calicoVersion: string) => Promise<string>;
  /** Called when a process that ended is to be started again. */
  readonly onRestart: () => void;
}

/** The operator's own process, which runs while its pod does: what the pod's container says, outside of the cluster. */
export class OperatorProcess {
  readonly #options: OperatorProcessOptions;
  /** Uid of the pod that the process is. */
  #pod: string | undefined;
  #backOff: NodeJS.Timeout | undefined;

  constructor(options: OperatorProcessOptions) {
    this.#options = options;
  }

  /** What its last process said before it ended; undefined while it runs, and where none is to run. */
  get problem(): string | undefined {
    return this.#pod === undefined ? undefined : this.#options.cluster.ended(name);
  }

  /** Runs for this pod, and for no other; undefined: for none. */
  async follow(pod: KubernetesObject | undefined, calicoVersion: string): Promise<void> {
    const { cluster } = this.#options;
    const uid = pod === undefined ? undefined : String(at(pod, "metadata.uid"));
    const isSame = uid === this.#pod;
    if (isSame && (this.#backOff !== undefined || this.problem === undefined)) return;
    this.stop();
    if (this.#pod !== undefined) await cluster.end(name);
    this.#pod = uid;
    if (pod === undefined) return;
    const file = await this.#options.operatorFile(calicoVersion);
    const [container] = (at(pod, "spec.containers") ?? []) as readonly Container[];
    const env = { ...(await this.#environment(pod, container)), KUBECONFIG: cluster.kubeconfigFile };
    // Outside of a cluster it knows no namespace to hold its lock in.
    const args = [...(container?.args ?? []), "-enable-leader-election=false"];
    // By this name the API server knows it as a field manager.
    const [calledAs = name] = container?.command ?? [];
    cluster.run({ name, file, args, env, calledAs, onEnd: () => this.#restart() });
  }

  /** Forgets what is to be started again. */
  stop(): void {
    clearTimeout(this.#backOff);
    this.#backOff = undefined;
  }

  #restart(): void {
    this.#backOff = setTimeout(() => {
      this.#backOff = undefined;
      this.#options.onRestart();
    }, backOffMilliseconds);
  }

  async #environment({ metadata }: KubernetesObject, container: Container | undefined) {
    const { env = [], envFrom = [] } = container ?? {};
    const own = env.flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, value] as const]));
    const data = await Promise.all(
      envFrom.flatMap(({ configMapRef }) =>
        configMapRef === undefined ? [] : [this.#configMap(metadata.namespace ?? "", configMapRef.name)],
      ),
    );
    const namespace = { OPERATOR_NAMESPACE: metadata.namespace ?? "" };
    return { ...namespace, ...Object.assign({}, ...data), ...Object.fromEntries(own) };
  }

  async #configMap(namespace: string, configMap: string): Promise<Record<string, string>> {
    const metadata = { namespace, name: configMap };
    const found = await this.#options.api.get({ apiVersion: "v1", kind: "ConfigMap", metadata });
    return (at(found, "data") ?? {}) as Record<string, string>;
  }
}

interface Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
}
