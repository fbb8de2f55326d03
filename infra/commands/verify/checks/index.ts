import type { Check } from "../check.ts";
import { addOns } from "./addons.ts";
import { clusterAutoscaler, karpenter } from "./autoscaling.ts";
import { nodeSubnet, sourceDestinationCheck, vxlanAllowed } from "./aws.ts";
import { calicoNode, operatorStatus } from "./calico.ts";
import {
  apiFromPod,
  clusterIpService,
  dns,
  largestPacket,
  newService,
  nodePort,
  outside,
} from "./connections.ts";
import { podCredentials } from "./credentials.ts";
import { felixDrift, installationDrift } from "./drift.ts";
import { bpfFileSystem, ebpfMode, kernel } from "./ebpfMode.ts";
import { endpointAnswers, endpointConfig, endpointInUse } from "./endpoint.ts";
import { kubeProxyPods, kubeProxyRules, kubeProxyStaysAway } from "./kubeProxy.ts";
import { loadBalancers } from "./loadBalancers.ts";
import { nodeMetrics } from "./metrics.ts";
import { clientAddress, externalServiceMode } from "./replyPath.ts";
import { serviceTable } from "./serviceTable.ts";
import { volumes } from "./volumes.ts";
import { vpcCni } from "./vpcCni.ts";
import { webhooks } from "./webhooks.ts";

/** Checks that start probe pods. */
const workloadChecks: readonly Check[] = [
  clusterIpService,
  newService,
  nodePort,
  clientAddress,
  externalServiceMode,
  dns,
  apiFromPod,
  outside,
  largestPacket,
  podCredentials,
];

/** Every check, in the order of the report. A new one needs a line here and a section in docs/troubleshooting.md. */
export const checks: readonly Check[] = [
  kernel,
  bpfFileSystem,
  calicoNode,
  vpcCni,
  operatorStatus,
  ebpfMode,
  serviceTable,
  endpointConfig,
  endpointInUse,
  endpointAnswers,
  kubeProxyPods,
  kubeProxyRules,
  kubeProxyStaysAway,
  installationDrift,
  felixDrift,
  nodeSubnet,
  sourceDestinationCheck,
  vxlanAllowed,
  addOns,
  webhooks,
  nodeMetrics,
  volumes,
  clusterAutoscaler,
  karpenter,
  loadBalancers,
  ...workloadChecks,
];
