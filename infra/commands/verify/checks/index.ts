import type { Check } from "../check.ts";
import { nodeSubnet, sourceDestinationCheck } from "./awsInterfaces.ts";
import { bpfFileSystem } from "./bpfFileSystem.ts";
import { calicoNode } from "./calicoNode.ts";
import { felixDrift, installationDrift } from "./drift.ts";
import { ebpfMode } from "./ebpfMode.ts";
import { endpointAnswers, endpointConfig, endpointInUse } from "./endpoint.ts";
import { kernel } from "./kernel.ts";
import { kubeProxyPods } from "./kubeProxyPods.ts";
import { kubeProxyRules } from "./kubeProxyRules.ts";
import { kubeProxyStaysAway } from "./kubeProxyStaysAway.ts";
import { loadBalancers } from "./loadBalancers.ts";
import { operatorStatus } from "./operatorStatus.ts";
import { serviceTable } from "./serviceTable.ts";
import { vxlanAllowed } from "./vxlanAllowed.ts";
import { webhooks } from "./webhooks.ts";
import { workloadChecks } from "./workloads/index.ts";

/** Every check, in the order of the report. A new one needs a line here and a section in docs/troubleshooting.md. */
export const checks: readonly Check[] = [
  kernel,
  bpfFileSystem,
  calicoNode,
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
  webhooks,
  loadBalancers,
  ...workloadChecks,
];
