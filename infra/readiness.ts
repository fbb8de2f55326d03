import * as pulumi from "@pulumi/pulumi";

/** What is done with a kubeconfig at the end of an `up`, once these are there. */
export type Watch = (
  kubeconfig: pulumi.Output<string>,
  working: readonly pulumi.Resource[],
) => pulumi.Output<string>;

/**
 * Looks at the end of an `up` whether the operator calls every part of Calico available, and warns of what is not: an `up`
 * that changes nothing waits at no gate. It only reads, and a cluster that does not answer fails nothing.
 * @returns the kubeconfig, once that is done; in a preview as it is
 */
export const warnOfUnready: Watch = (kubeconfig, working) => {
  if (pulumi.runtime.isDryRun()) return kubeconfig;
  return pulumi.all([kubeconfig, pulumi.all(working.map(({ urn }) => urn))]).apply(async ([text]) => {
    try {
      for (const line of await unready(text)) pulumi.log.warn(line);
    } catch (error) {
      pulumi.log.info(`Whether Calico is ready could not be checked: ${(error as Error).message}`);
    }
    return text;
  });
};

/** What is read of a TigeraStatus. */
export interface Status {
  readonly metadata?: { readonly name?: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** A line for each part of Calico that its operator does not call available. */
async function unready(kubeconfig: string): Promise<string[]> {
  // Only here: a preview does without this library.
  const [{ Cluster }, { kubeconfigOf }] = await Promise.all([
    import("./kubernetes/cluster.ts"),
    import("./existing/kubeconfig.ts"),
  ]);
  const cluster = new Cluster(await kubeconfigOf(kubeconfig), {
    concurrency: 1,
    timeoutMilliseconds: 15_000,
    signal: new AbortController().signal,
  });
  try {
    const path = "/apis/operator.tigera.io/v1/tigerastatuses";
    return unreadyLines((await cluster.list(path, (object) => object as Status)) ?? []);
  } finally {
    cluster.close();
  }
}

/** What an `up` warns of, status by status in the order of the alphabet. */
export function unreadyLines(statuses: readonly Status[]): string[] {
  const names = new Set(statuses.map(({ metadata }) => metadata?.name));
  return statuses
    .flatMap(({ metadata, status }) => {
      const name = metadata?.name ?? "";
      // Without the API server of Calico the tiers never become Available.
      if (name === "tiers" && !names.has("apiserver")) return [];
      const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
      if (condition("Available")?.status === "True") return [];
      const why =
        condition("Degraded")?.message || condition("Progressing")?.message || "the operator gives no reason";
      return [`Calico is not ready, TigeraStatus ${name} is not Available: ${why}`];
    })
    .toSorted();
}
