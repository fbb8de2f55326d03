import * as pulumi from "@pulumi/pulumi";
import { storageClass } from "../components/eksAddons.ts";
import type { Settings } from "../components/settings/settings.ts";
import type { Cluster } from "./kubernetes/cluster.ts";
import type { TransportOptions } from "./kubernetes/transport.ts";

/** Settings that decide what is looked at. */
interface Watched {
  readonly storage: Settings["storage"];
  readonly cluster: Pick<Settings["cluster"], "deletionProtection">;
}

/** What is done with a kubeconfig at the end of an `up`, once these are there. */
export type Watch = (
  kubeconfig: pulumi.Output<string>,
  working: readonly pulumi.Resource[],
  settings: Watched,
) => pulumi.Output<string>;

/**
 * Looks at the end of an `up` whether the operator calls every part of Calico available, and warns of what is not: an `up`
 * that changes nothing waits at no gate. Where a destroy may be next, it also warns of the claims whose volumes would stay,
 * because a destroy runs no program. It only reads, and a cluster that does not answer fails nothing.
 * @returns the kubeconfig, once that is done; in a preview as it is
 */
export const warnOfUnready: Watch = (kubeconfig, working, settings) => {
  if (pulumi.runtime.isDryRun()) return kubeconfig;
  return pulumi.all([kubeconfig, pulumi.all(working.map(({ urn }) => urn))]).apply(async ([text]) => {
    await warnOf(observed(text, settings));
    return text;
  });
};

/** Warns of these lines; a cluster that does not answer fails nothing. */
export async function warnOf(lines: Promise<readonly string[]>): Promise<void> {
  try {
    for (const line of await lines) pulumi.log.warn(line);
  } catch (error) {
    pulumi.log.info(`Whether Calico is ready could not be checked: ${(error as Error).message}`);
  }
}

/** One request at a time, and not for long. */
export const glance: TransportOptions = {
  concurrency: 1,
  timeoutMilliseconds: 15_000,
  signal: new AbortController().signal,
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

interface Claim {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: { readonly storageClassName?: string };
}

/** A line for each part of Calico that its operator does not call available, and one for claims. */
async function observed(
  kubeconfig: string,
  { cluster: { deletionProtection }, storage }: Watched,
): Promise<string[]> {
  // Only here: a preview does without this library.
  const [{ Cluster }, { kubeconfigOf }] = await Promise.all([
    import("./kubernetes/cluster.ts"),
    import("./existing/kubeconfig.ts"),
  ]);
  const cluster = new Cluster(await kubeconfigOf(kubeconfig), glance);
  try {
    const statuses = await listed<Status>(cluster, "/apis/operator.tigera.io/v1/tigerastatuses");
    const claims =
      storage.ebs && !deletionProtection
        ? await listed<Claim>(cluster, "/api/v1/persistentvolumeclaims")
        : [];
    return [...unreadyLines(statuses), ...claimLines(claims)];
  } finally {
    cluster.close();
  }
}

async function listed<T>(cluster: Cluster, path: string): Promise<readonly T[]> {
  return (await cluster.list(path, (object) => object as T)) ?? [];
}

/** How many claims a warning names. */
const mostNamed = 10;

/** What an `up` says of claims of the stack's own class: their volumes outlive the cluster. */
export function claimLines(claims: readonly Claim[]): string[] {
  const names = claims
    .filter(({ spec }) => spec?.storageClassName === storageClass)
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)
    .toSorted();
  if (names.length === 0) return [];
  const named = names.slice(0, mostNamed).join(", ");
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return [
    `A destroy would leave the EBS volumes of ${names.length} PersistentVolumeClaim${names.length === 1 ? "" : "s"} behind, and they would be charged: ${named}${more}. Delete the claims before you run pulumi destroy.`,
  ];
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
