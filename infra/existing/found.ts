import * as pulumi from "@pulumi/pulumi";
import { existingAdvice, existingClusterProblems } from "../../components/checks/existing/checks.ts";
import type { ClusterSnapshot } from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { type ClusterAccess, refusal } from "./access.ts";
import { ApiReader, ReadError } from "./apiReader.ts";
import { readCluster } from "./readCluster.ts";

/**
 * Reads the cluster and judges it.
 * @throws pulumi.RunError with every reason why it cannot be taken, before anything in it is changed
 */
export async function soundCluster(
  settings: ExistingSettings,
  { config, address }: ClusterAccess,
): Promise<ClusterSnapshot> {
  const snapshot = await readCluster(new ApiReader(config), settings).catch((error: unknown) => {
    if (!(error instanceof ReadError)) throw error;
    throw refusal(settings, {
      path: "cluster.existing",
      found: `${config.getCurrentCluster()?.server} does not answer: ${error.message}`,
      needs: "the cluster is read before anything is changed",
      fix: "Check that this machine reaches it, and with which credentials",
    });
  });
  const problems = existingClusterProblems(settings, address, snapshot);
  if (problems.length > 0) throw refusal(settings, ...problems);
  for (const line of existingAdvice(settings, address, snapshot)) pulumi.log.warn(line);
  return snapshot;
}
