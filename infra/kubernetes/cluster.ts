import type { KubeConfig } from "@kubernetes/client-node";
import { ClusterError, isPage } from "./errors.ts";
import { type ExecCall, type ExecResult, exec, execFailure } from "./exec.ts";
import { type Call, Transport, type TransportOptions } from "./transport.ts";

/** Objects of one page of a list. */
const pageSize = 500;

/** Attempts at a list when its pages have expired. */
const listAttempts = 3;

interface Page {
  readonly items?: readonly unknown[];
  readonly metadata?: { readonly continue?: string };
}

/** Filters of a list. */
export interface Narrowed {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Options for a container's log. */
export interface LogCall {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Last lines only. Default: all. */
  readonly tailLines?: number;
  /** Of the container before its last restart. Default false. */
  readonly previous?: boolean;
}

/** A running cluster: objects, logs, commands in containers. Every error is a ClusterError with a readable message. */
export class Cluster {
  readonly #config: KubeConfig;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;

  constructor(config: KubeConfig, options: TransportOptions) {
    this.#config = config;
    this.#signal = options.signal;
    this.#transport = new Transport(config, options);
  }

  /** Address from the kubeconfig: `https://…`. */
  get server(): string {
    return this.#transport.server;
  }

  /** Time limit for a request without an answer. */
  get timeoutSeconds(): number {
    return this.#transport.timeoutSeconds;
  }

  /** Requests and commands so far. */
  get calls(): number {
    return this.#transport.calls;
  }

  /** One object; undefined: it or its kind does not exist. */
  async get<T>(path: string): Promise<T | undefined> {
    try {
      return (await this.#json({ method: "GET", path })) as T;
    } catch (error) {
      if (error instanceof ClusterError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * All objects of a list, page by page, each reduced by `pick`, so that no more is kept; undefined: the
   * kind does not exist.
   */
  async list<T>(
    path: string,
    pick: (object: unknown) => T,
    narrowed: Narrowed = {},
  ): Promise<T[] | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#pages(path, pick, narrowed);
      } catch (error) {
        const { status } = error as Partial<ClusterError>;
        if (status === 404) return undefined;
        // The server no longer has the state of this page.
        if (status !== 410 || attempt === listAttempts) throw error;
      }
    }
  }

  async create<T>(path: string, body: unknown): Promise<T> {
    return (await this.#json({ method: "POST", path, body })) as T;
  }

  /** Merge patch. */
  async patch<T>(path: string, body: unknown): Promise<T> {
    const contentType = "application/merge-patch+json";
    return (await this.#json({ method: "PATCH", path, body, contentType })) as T;
  }

  /** Deletes; does nothing when it does not exist. */
  async delete(path: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
    try {
      await this.#transport.text({ method: "DELETE", path, body });
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 404) throw error;
    }
  }

  /** Runs a command in a container. An exit code other than 0 is not an error. */
  exec(call: ExecCall): Promise<ExecResult> {
    return this.#transport.command(
      () => exec(this.#config, call, this.#signal),
      (error) => execFailure(error, call),
    );
  }

  logs({ namespace, pod, ...query }: LogCall): Promise<string> {
    return this.#transport.text({
      method: "GET",
      path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
      query,
    });
  }

  /**
   * The answer of a server at a node's port to the control plane, which is outside the cluster.
   * @throws ClusterError when there is no answer
   */
  throughNode(node: string, port: number, path: string): Promise<string> {
    return this.#transport.text({
      method: "GET",
      path: `/api/v1/nodes/${node}:${port}/proxy${path}`,
      isProbe: true,
    });
  }

  /** Whether this account is permitted an action. */
  async allows(attributes: Readonly<Record<string, string>>): Promise<boolean> {
    const answer = await this.create<{ status?: { allowed?: boolean } }>(
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      },
    );
    return answer.status?.allowed === true;
  }

  close(): void {
    this.#transport.close();
  }

  async #pages<T>(path: string, pick: (object: unknown) => T, narrowed: Narrowed): Promise<T[]> {
    const found: T[] = [];
    let next: string | undefined;
    do {
      const query = { ...narrowed, limit: pageSize, continue: next };
      const page = (await this.#json({ method: "GET", path, query })) as Page;
      const items: unknown = page.items ?? [];
      if (!Array.isArray(items)) throw this.#notKubernetes(path, "an answer without a list of items");
      for (const item of items) found.push(pick(item));
      next = page.metadata?.continue || undefined;
    } while (next !== undefined);
    return found;
  }

  async #json(call: Call): Promise<object> {
    const text = await this.#transport.text(call);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#notKubernetes(call.path, isPage(text) ? "a web page" : "text that is not JSON");
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw this.#notKubernetes(call.path, "JSON that is not an object");
  }

  /** Something else answers: a proxy, a login page, another service. */
  #notKubernetes(path: string, what: string): ClusterError {
    return new ClusterError(
      0,
      `${this.server} answers ${path} with ${what}: it is not a Kubernetes API server. Check the server of the kubeconfig.`,
    );
  }
}
