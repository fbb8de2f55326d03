import type { ApiServerAddress, ExistingSettings } from "../../settings/existing.ts";
import type { Found, Problem } from "../../values/problem.ts";
import { stopsPods } from "../advice.ts";
import { optOutProblems } from "../dsr.ts";
import { accessProblems, awsProblems } from "./aws.ts";
import { calicoProblems, calicoVersionOf, kindProblems } from "./calico.ts";
import { felixFoundProblems, overruledProblems } from "./felix.ts";
import { kubeProxyMissing, modeProblems, parkingProblems } from "./kubeProxy.ts";
import { nodeProblems } from "./nodes.ts";
import {
  endpointProblems,
  felixFields,
  kindOf,
  nodeLocalDnsProblems,
  serviceAddressProblems,
} from "./plan.ts";
import { type ClusterSnapshot, defaultFelixSpec } from "./snapshot.ts";
import { cniMismatch, hasVpcCni, vpcCniAdvice, vpcCniProblems } from "./vpcCni.ts";

/**
 * Everything because of which a cluster cannot be adopted. Going back to Iptables needs next to nothing: what
 * nodes are, or what has been changed since, must not block it.
 */
export function existingClusterProblems(
  settings: ExistingSettings,
  address: ApiServerAddress,
  snapshot: ClusterSnapshot,
): Problem[] {
  const toBpf = settings.calico.dataplane === "BPF";
  // What does not exist and what may not be read look the same.
  const saw = (...kinds: readonly string[]) =>
    !snapshot.unread.some(({ resource }) => kinds.includes(resource.split(".")[0] ?? ""));
  return [
    accessProblems(snapshot),
    saw("daemonsets", "deployments", "installations") ? kindProblems(snapshot) : [],
    saw("daemonsets") ? kubeProxyMissing(snapshot) : [],
    cniMismatch(settings, snapshot),
    lossProblems(settings, address, snapshot),
    toBpf && saw("daemonsets") ? vpcCniProblems(settings, snapshot) : [],
    toBpf ? bpfProblems(settings, address, snapshot) : [],
  ].flat();
}

/** What a destroy could not restore. */
function lossProblems(
  settings: ExistingSettings,
  address: ApiServerAddress,
  snapshot: ClusterSnapshot,
): Problem[] {
  const kind = kindOf(snapshot);
  if (kind === undefined) return [];
  const isUnread = snapshot.unread.some(({ resource }) => resource.startsWith("felixconfigurations"));
  return [
    dataplaneProblems(snapshot),
    endpointProblems(snapshot, address),
    isUnread ? [] : felixFoundProblems(snapshot.felix, felixFields(settings), kind),
  ].flat();
}

function dataplaneProblems({ operator }: ClusterSnapshot): Found {
  const found = operator?.linuxDataplane;
  if (operator?.dataplaneIsOurs !== false || found === undefined || ["BPF", "Iptables"].includes(found))
    return [];
  return {
    path: "Installation default, spec.calicoNetwork.linuxDataplane",
    found,
    needs: "a destroy could only restore the default, Iptables",
    fix: "Set it to Iptables first, and back to its present value after a destroy",
  };
}

function bpfProblems(
  settings: ExistingSettings,
  address: ApiServerAddress,
  snapshot: ClusterSnapshot,
): Problem[] {
  const { aws, felix, kubeProxy, manifest, nodes, pools } = snapshot;
  return [
    serviceAddressProblems(snapshot, address),
    calicoProblems(snapshot),
    overruledProblems(felix, manifest, { bpfEnabled: true, ...felixFields(settings) }),
    optOutProblems(
      settings,
      // IPv4 only, as the setting.
      pools
        .filter(({ cidr }) => !cidr.includes(":"))
        .map(({ name, cidr }) => ({ name: `IPPool ${name}`, cidr })),
    ),
    modeProblems(kubeProxy),
    settings.kubeProxy === "Parked" ? parkingProblems(kubeProxy) : [],
    nodeLocalDnsProblems(snapshot),
    nodeProblems(nodes, calicoVersionOf(snapshot)),
    // Only DSR needs what is read in AWS, and with the VPC CNI it is refused anyway.
    aws === undefined || hasVpcCni(snapshot) ? [] : awsProblems(aws, nodes),
    hasVpcCni(snapshot) ? [] : checkTurnedOn(settings, snapshot),
  ].flat();
}

/** Felix turns the check on again at each of its starts. */
function checkTurnedOn({ calico }: ExistingSettings, { felix }: ClusterSnapshot): Found {
  const spec = defaultFelixSpec(felix);
  if (calico.externalService !== "DSR" || spec["awsSrcDstCheck"] !== "Enable") return [];
  return {
    path: "FelixConfiguration default, spec.awsSrcDstCheck",
    found: "Enable",
    needs: "with DSR a node sends with another node's address, which AWS then drops",
    fix: "Set it to Disable, or set externalService: Tunnel",
  };
}

/** Warnings about a cluster that can be adopted, a sentence each. */
export function existingAdvice(
  { calico, kubeProxy: mode }: ExistingSettings,
  { host, port }: ApiServerAddress,
  snapshot: ClusterSnapshot,
): string[] {
  const { aws, felix, kubeProxy, nodes } = snapshot;
  if (calico.dataplane !== "BPF") return [];
  const { apiServer: server, labels } = kubeProxy ?? {};
  const spec = defaultFelixSpec(felix);
  return [
    runsBpf(snapshot) || hasVpcCni(snapshot) ? [] : stopsPods,
    server !== undefined && server !== `${host}:${port}`
      ? `cluster.existing.apiServer: kube-proxy reaches the API server at ${server}, not at ${host}:${port}; if neither is right, nodes lose it.`
      : [],
    calico.externalService === "DSR" && aws === undefined
      ? "calico.externalService: the nodes are not on EC2, so it could not be checked whether their network lets a node send with another node's address; DSR needs that."
      : [],
    aws !== undefined && spec["awsSrcDstCheck"] !== "Disable"
      ? "FelixConfiguration default, spec.awsSrcDstCheck: it is not Disable, so something else must turn off the source/destination check of new nodes; DSR needs that."
      : [],
    calico.externalService === "Tunnel" && nodes.some(({ instanceId }) => instanceId !== undefined)
      ? "UDP 4789 between the nodes could not be checked in their security groups; eBPF needs it for NodePorts."
      : [],
    mode === "Parked" && labels?.["eks.amazonaws.com/component"] !== undefined
      ? "DaemonSet kube-proxy: an EKS add-on manages it; update the add-on with --resolve-conflicts PRESERVE to keep the node selector."
      : [],
    vpcCniAdvice({ kubeProxy: mode }, snapshot),
  ].flat();
}

function runsBpf({ felix, operator }: ClusterSnapshot): boolean {
  if (operator !== undefined) return operator.linuxDataplane === "BPF";
  return defaultFelixSpec(felix)["bpfEnabled"] === true;
}
