import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CalicoReady } from "../../components/existing/calicoReady.ts";
import { DataplaneSwitch } from "../../components/existing/dataplaneSwitch.ts";
import { DnsRestart } from "../../components/existing/dnsRestart.ts";
import { ManifestCalico } from "../../components/existing/manifestCalico.ts";
import { type ExistingCalicoArgs, OperatorCalico } from "../../components/existing/operatorCalico.ts";
import { ParkedKubeProxy } from "../../components/existing/parkedKubeProxy.ts";
import { calicoVersionOf } from "../../components/rules/existing/calico.ts";
import { parkingField } from "../../components/rules/existing/kubeProxy.ts";
import { kindOf } from "../../components/rules/existing/plan.ts";
import type { ClusterSnapshot } from "../../components/rules/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/rules/settings/existingSettings.ts";
import { existingSettings } from "../settings.ts";
import { type ClusterAccess, clusterAccess } from "./access.ts";
import { soundCluster } from "./found.ts";

/** What a stack exports that takes a cluster as it is. */
export interface ExistingOutputs {
  /** operator or manifest: how Calico was found to be installed. */
  readonly calicoInstalledBy: string;
  readonly calicoVersion: string;
  /** Where Calico reaches the API server, `host:port`. */
  readonly apiServer: string;
  /** BPF or Iptables. */
  readonly dataplane: string;
  /** DSR or Tunnel. */
  readonly externalService: string;
  /** Parked or Running. */
  readonly kubeProxy: string;
}

/** The dataplane of a cluster that is there: read and judged first, then switched, in the order of the guide. */
export async function existingProgram(): Promise<ExistingOutputs> {
  const settings = existingSettings();
  const { calico, kubeProxy } = settings;
  const access = await clusterAccess(settings);
  const found = await soundCluster(settings, access);

  const { kubeconfig, context, address } = access;
  const provider = new kubernetes.Provider("cluster", {
    kubeconfig,
    ...(context === undefined ? {} : { context }),
    // Without an identifier of its own, a change of the kubeconfig would replace everything in the cluster.
    clusterIdentifier: `${settings.project}/${settings.stack}/existing`,
  });
  const inCluster = { providers: [provider] };
  const served = serving(settings, access, found, inCluster);
  const ready = new CalicoReady(
    "ready",
    { kind: kindOf(found) ?? "operator", settings, address, nodeCount: found.nodes.length, after: served },
    inCluster,
  );
  const { dataplane, externalService } = calico;
  new DnsRestart(
    "dns",
    { deployments: found.dnsDeployments, dataplane, after: [served, ready.passed] },
    inCluster,
  );
  return {
    calicoInstalledBy: kindOf(found) ?? "",
    calicoVersion: calicoVersionOf(found) ?? "",
    apiServer: `${address.host}:${address.port}`,
    dataplane,
    externalService,
    kubeProxy,
  };
}

/**
 * Calico's dataplane and kube-proxy, in the order in which services are always served: what is to serve them comes first,
 * what served them before goes after it. Neither waits for health, so that a broken cluster can be reversed.
 * @returns the last of it
 */
function serving(
  settings: ExistingSettings,
  access: ClusterAccess,
  found: ClusterSnapshot,
  inCluster: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  const { dataplane } = settings.calico;
  const felixApiVersion = found.felix?.apiVersion ?? "crd.projectcalico.org/v1";
  const { prepared } = preparedCalico({ settings, felixApiVersion, ...access, found }, inCluster);
  const kind = kindOf(found) ?? "operator";
  const turned = (after: pulumi.Resource) =>
    new DataplaneSwitch(
      "dataplane",
      { kind, dataplane, felixApiVersion, nodeCount: found.nodes.length, after },
      inCluster,
    ).switched;
  const field = (found.kubeProxy && parkingField(found.kubeProxy)) ?? "nodeSelector";
  const proxy = (after: pulumi.Resource) =>
    new ParkedKubeProxy("kube-proxy", { mode: settings.kubeProxy, field, after }, inCluster).patch;
  return dataplane === "BPF" ? proxy(turned(prepared)) : turned(proxy(prepared));
}

/** Prepares Calico in the way of whatever installed it. */
function preparedCalico(
  {
    found: { endpoint, manifest, nodes },
    ...args
  }: Omit<ExistingCalicoArgs, "endpointIsThere"> & { readonly found: ClusterSnapshot },
  opts: pulumi.ComponentResourceOptions,
): OperatorCalico | ManifestCalico {
  const { settings, address, felixApiVersion } = args;
  const endpointIsThere = endpoint !== undefined && !endpoint.isOurs;
  const common = { settings, address, felixApiVersion, endpointIsThere };
  if (manifest === undefined) return new OperatorCalico("calico", common, opts);
  const { workloads } = manifest;
  return new ManifestCalico("calico", { ...common, workloads, nodeCount: nodes.length }, opts);
}
