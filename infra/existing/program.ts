import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { existingSettings } from "../settings.ts";
import { tellWhereToLook } from "../whereToLook.ts";
import { clusterAccess } from "./access.ts";
import { existingDataPath } from "./dataPath.ts";
import { soundCluster } from "./found.ts";
import { warnedOfUnready } from "./readiness.ts";

/** The outputs of a stack that adopts a cluster. */
export interface ExistingOutputs {
  /** operator or manifest: how Calico is installed. */
  readonly calicoInstalledBy: string;
  /** Empty: unknown, which only the way back to Iptables accepts. */
  readonly calicoVersion: string;
  /** Where Calico reaches the API server, `host:port`. */
  readonly apiServer: string;
  /** BPF or Iptables. */
  readonly dataplane: string;
  /** DSR or Tunnel. */
  readonly externalService: string;
  /** Parked or Running. */
  readonly kubeProxy: pulumi.Output<string>;
}

/** The dataplane of an existing cluster: read and checked first, then switched, in the order of the guide. */
export async function existingProgram(): Promise<ExistingOutputs> {
  const settings = existingSettings();
  const { calico, kubeProxy } = settings;
  const access = await clusterAccess(settings);
  const found = await soundCluster(settings, access);

  const { kubeconfig, context, address } = access;
  const provider = new kubernetes.Provider("cluster", {
    kubeconfig,
    ...(context === undefined ? {} : { context }),
    // The stack overrides manual patches.
    enablePatchForce: true,
    // Without a fixed identifier, a changed kubeconfig would replace everything in the cluster.
    clusterIdentifier: `${settings.project}/${settings.stack}/existing`,
  });
  const inCluster = { providers: [provider] };
  const last = existingDataPath({ settings, address, found }, inCluster);
  tellWhereToLook("--kubeconfig FILE");
  const { dataplane, externalService } = calico;
  return {
    calicoInstalledBy: found.kind,
    calicoVersion: found.calicoVersion,
    apiServer: `${address.host}:${address.port}`,
    dataplane,
    externalService,
    kubeProxy: warnedOfUnready(kubeProxy, { config: access.config, kind: found.kind, last }),
  };
}
