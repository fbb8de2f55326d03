import type { Check } from "../../check.ts";
import { apiFromPod } from "./apiFromPod.ts";
import { clientAddress } from "./clientAddress.ts";
import { clusterIpService } from "./clusterIpService.ts";
import { dns } from "./dns.ts";
import { externalServiceMode } from "./externalServiceMode.ts";
import { largestPacket } from "./largestPacket.ts";
import { newService } from "./newService.ts";
import { nodePort } from "./nodePort.ts";
import { outside } from "./outside.ts";

/** Checks that start pods of their own, and ask by them. */
export const workloadChecks: readonly Check[] = [
  clusterIpService,
  newService,
  nodePort,
  clientAddress,
  externalServiceMode,
  dns,
  apiFromPod,
  outside,
  largestPacket,
];
