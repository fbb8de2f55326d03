import type * as pulumi from "@pulumi/pulumi";
import { CalicoReady, ManifestCalico, OperatorCalico } from "../../components/existing/calico.ts";
import { DataplaneSwitch, DnsRestart, ParkedKubeProxy } from "../../components/existing/dataplaneSwitch.ts";
import type { ApiServerAddress, ExistingSettings } from "../../components/settings/existing.ts";
import type { SoundCluster } from "./found.ts";

export interface ExistingDataPathArgs {
  readonly settings: ExistingSettings;
  readonly address: ApiServerAddress;
  /** The cluster as it was read and checked. */
  readonly found: SoundCluster;
}

/**
 * Everything that a stack changes in an existing cluster: patches, in the order of the guide.
 * @returns the last of it
 */
export function existingDataPath(
  args: ExistingDataPathArgs,
  inCluster: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  const { settings, address, found } = args;
  const served = serving(args, inCluster);
  const ready = new CalicoReady(
    "ready",
    { kind: found.kind, settings, address, nodeCount: found.nodeCount, after: served },
    inCluster,
  );
  const dns = new DnsRestart(
    "dns",
    {
      deployments: found.dnsDeployments,
      dataplane: settings.calico.dataplane,
      after: [served, ready.passed],
    },
    inCluster,
  );
  return [ready.passed, ...dns.restarted];
}

/**
 * Calico's dataplane and kube-proxy, in an order in which services are always served: the new service handler starts first,
 * then the old one stops. Neither waits for health, so that a broken cluster can be reversed.
 * @returns the last of it
 */
function serving(
  { settings, address, found }: ExistingDataPathArgs,
  inCluster: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  const { dataplane } = settings.calico;
  const { felixApiVersion, kind, nodeCount, parkingField: field } = found;
  const { prepared } = preparedCalico({ settings, address, found }, inCluster);
  const turned = (after: pulumi.Resource) =>
    new DataplaneSwitch("dataplane", { kind, dataplane, felixApiVersion, nodeCount, after }, inCluster)
      .switched;
  const proxy = (after: pulumi.Resource) =>
    new ParkedKubeProxy("kube-proxy", { mode: settings.kubeProxy, field, after }, inCluster).patch;
  return dataplane === "BPF" ? proxy(turned(prepared)) : turned(proxy(prepared));
}

/** Prepares Calico according to its installer. */
function preparedCalico(
  { settings, address, found }: ExistingDataPathArgs,
  opts: pulumi.ComponentResourceOptions,
): OperatorCalico | ManifestCalico {
  const { endpointIsThere, felixApiVersion, kind, nodeCount, workloads } = found;
  const common = { settings, address, felixApiVersion, endpointIsThere };
  if (kind === "operator") return new OperatorCalico("calico", common, opts);
  return new ManifestCalico("calico", { ...common, workloads, nodeCount }, opts);
}
