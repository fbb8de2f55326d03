import type { Command } from "../shared/arguments.ts";
import { type ClusterChoice, clusterOptions } from "../verify/options.ts";
import type { Kind } from "./measurements.ts";
import type { Lengths, ModeName } from "./schedule.ts";

const { stack, kubeconfig, context, timeout } = clusterOptions;

/** `npm run measure` and its options. A new one needs a row here and a line in `parseMeasure`. */
export const measure: Command = {
  command: "npm run measure --",
  name: "measure",
  about: "Measures the data path of a running cluster, in one mode or in several that it switches between.",
  options: {
    stack: { ...stack, says: "the cluster of this stack" },
    kubeconfig: { ...kubeconfig, says: "any cluster with Calico, in its present mode" },
    context,
    timeout,
    modes: {
      value: "MODES",
      says: "tunnel, dsr, iptables, separated by commas; ratios are against the first (default: the present mode)",
      example: "--stack dev --modes tunnel,dsr --client bastion",
    },
    "i-accept-disruption": {
      says: "allow mode iptables, which turns eBPF off on every node and on again",
      example: "--stack dev --modes iptables,dsr --i-accept-disruption",
    },
    yes: {
      says: "switch modes without confirmation",
      example: "--stack dev --modes tunnel,dsr --client bastion --yes",
    },
    client: {
      value: "HOST",
      says: "a client outside the cluster, as for ssh, with iperf3 and fortio installed",
      example: "--stack dev --client ec2-user@10.40.0.9",
    },
    only: {
      value: "KINDS",
      says: "throughput, requests, connections, first-packet, source-address, separated by commas",
      example: "--stack dev --only requests,connections",
    },
    repeats: {
      value: "N",
      isNumber: true,
      says: "runs of each measurement in each mode (default: 6)",
      example: "--stack dev --repeats 10",
    },
    seconds: {
      value: "N",
      isNumber: true,
      says: "of a throughput run; of requests, a third of it (default: 30)",
      example: "--stack dev --seconds 60",
    },
    services: {
      value: "NUMBERS",
      says: "services at which the first packet is measured (default: 1,100,5000)",
      example: "--stack dev --services 1,1000",
    },
    "image-registry": {
      value: "REGISTRY",
      says: "a mirror of the tools' images with the same paths",
      example: "--stack dev --image-registry mirror.example.com",
    },
    report: {
      value: "FILE",
      says: "write a report as Markdown",
      example: "--stack dev --report measure.md",
    },
    json: {
      value: "FILE",
      says: "write every measurement as JSON",
      example: "--stack dev --json measure.json",
    },
  },
  example: "--stack dev --modes tunnel,dsr --client ec2-user@10.40.0.9",
};

/** What the command line says. */
export interface MeasureArguments {
  readonly cluster: ClusterChoice;
  /** In the requested order; empty: the cluster's present mode. */
  readonly modes: readonly ModeName[];
  /** Do not ask before modes are switched. */
  readonly yes: boolean;
  readonly client: string | undefined;
  /** Undefined: all kinds. */
  readonly only: readonly Kind[] | undefined;
  readonly repeats: number;
  readonly lengths: Lengths;
  /** Ascending. */
  readonly services: readonly number[];
  readonly imageRegistry: string | undefined;
  readonly report: string | undefined;
  readonly json: string | undefined;
  readonly timeoutMilliseconds: number | undefined;
}
