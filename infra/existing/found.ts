import * as pulumi from "@pulumi/pulumi";
import { calicoVersionOf } from "../../components/checks/existing/calico.ts";
import { existingAdvice, existingClusterProblems } from "../../components/checks/existing/checks.ts";
import { parkingField } from "../../components/checks/existing/kubeProxy.ts";
import { type CalicoKind, kindOf } from "../../components/checks/existing/plan.ts";
import type {
  ClusterSnapshot,
  FoundFelix,
  FoundWorkload,
  ParkingField,
} from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { Cluster } from "../kubernetes/cluster.ts";
import { ClusterError } from "../kubernetes/errors.ts";
import type { TransportOptions } from "../kubernetes/transport.ts";
import { type ClusterAccess, refusal } from "./access.ts";
import { readCluster } from "./readCluster.ts";

/** The inputs of a switch of an existing cluster's dataplane: the cluster as it was read and checked. */
export interface SoundCluster {
  readonly kind: CalicoKind;
  /** Empty: unknown, which is accepted only when switching back to Iptables. */
  readonly calicoVersion: string;
  readonly felixApiVersion: FoundFelix["apiVersion"];
  readonly parkingField: ParkingField;
  /** Whether the endpoint ConfigMap exists and belongs to others. */
  readonly endpointIsThere: boolean;
  /** The parts of a Calico by manifest; empty for an operator's. */
  readonly workloads: readonly FoundWorkload[];
  readonly dnsDeployments: readonly string[];
  readonly nodeCount: number;
}

/** A preview gives up sooner than a command that a user waits for. */
export const reading: TransportOptions = {
  concurrency: 8,
  timeoutMilliseconds: 15_000,
  firstPauseMilliseconds: 100,
  signal: new AbortController().signal,
};

/**
 * Reads the cluster and checks it.
 * @throws pulumi.RunError with every reason why it cannot be adopted, before anything in it is changed
 */
export async function soundCluster(
  settings: ExistingSettings,
  { config, address }: ClusterAccess,
): Promise<SoundCluster> {
  const cluster = new Cluster(config, reading);
  const snapshot = await readCluster(cluster, settings)
    .catch((error: unknown) => {
      if (!(error instanceof ClusterError)) throw error;
      throw refusal(settings, {
        path: "cluster.existing",
        // A failed connection names the server already.
        found: error.message.includes(cluster.server) ? error.message : `${cluster.server}: ${error.message}`,
        needs: "the cluster must be read before anything is changed",
        fix: "Check that this machine can reach it, and the credentials",
      });
    })
    .finally(() => cluster.close());
  const problems = existingClusterProblems(settings, address, snapshot);
  if (problems.length > 0) throw refusal(settings, ...problems);
  for (const line of existingAdvice(settings, address, snapshot)) pulumi.log.warn(line);
  return soundFrom(snapshot);
}

/** The same without the states that the checks rule out. */
export function soundFrom(snapshot: ClusterSnapshot): SoundCluster {
  const { dnsDeployments, endpoint, felix, kubeProxy, manifest, nodes } = snapshot;
  const kind = kindOf(snapshot);
  if (kind === undefined || felix === undefined || kubeProxy === undefined) {
    throw new Error("the checks let a cluster without Calico, FelixConfiguration or kube-proxy pass");
  }
  return {
    kind,
    calicoVersion: calicoVersionOf(snapshot) ?? "",
    felixApiVersion: felix.apiVersion,
    // Where both are taken, the checks let kube-proxy only be left alone.
    parkingField: parkingField(kubeProxy) ?? "nodeSelector",
    endpointIsThere: endpoint !== undefined && !endpoint.isOurs,
    workloads: manifest?.workloads ?? [],
    dnsDeployments,
    nodeCount: nodes.length,
  };
}
