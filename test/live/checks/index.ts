import type { Check } from "../check.ts";
import { calicoNode } from "./calicoNode.ts";
import { kubeProxyPods } from "./kubeProxyPods.ts";
import { kubeProxyStaysAway } from "./kubeProxyStaysAway.ts";
import { operatorStatus } from "./operatorStatus.ts";

/** Every check, in the order of the report. A new one needs a line here and a section in docs/troubleshooting.md. */
export const checks: readonly Check[] = [calicoNode, operatorStatus, kubeProxyPods, kubeProxyStaysAway];
