import { type Command, type Options, stackOptions } from "../../infra/commands/shared/arguments.ts";
import { signals } from "../simulator/world/fault.ts";

/** The last stage that a rehearsal runs; each includes those before it. */
export const stages = ["preview", "up", "destroy"] as const;
export type Stage = (typeof stages)[number];

/** What implements the Kubernetes half: objects in memory, or a real control plane with fake nodes. */
export const kubernetesChoices = ["memory", "real"] as const;
export type KubernetesChoice = (typeof kubernetesChoices)[number];

/** What forwards packets behind a real control plane: nothing, or Calico in network namespaces. */
export const dataPathChoices = ["none", "real"] as const;
export type DataPathChoice = (typeof dataPathChoices)[number];

/** Every option, in the order of the usage text. A new one needs a row here and a line in `parseArguments`. */
export const options: Options = {
  ...stackOptions,
  from: {
    value: "FILE",
    excludes: "stack-file",
    says: "the stack file before a change; with --to or --set (default: that of --stack)",
    example: "--from stacks/Pulumi.dev.yaml --to ./Pulumi.changed.yaml",
  },
  to: {
    value: "FILE",
    excludes: "set",
    says: "change the stack once it is up, and show the steps and what users notice",
    example: "--to ./Pulumi.changed.yaml",
  },
  set: {
    value: "KEY=VALUE",
    isList: true,
    says: "change this setting once the stack is up; repeatable",
    example: "--set calico.externalService=Tunnel",
  },
  until: {
    value: "STAGE",
    choices: stages,
    says: "the last stage: preview, up or destroy (default: destroy)",
    example: "--until preview",
  },
  kubernetes: {
    value: "KIND",
    choices: kubernetesChoices,
    says: "memory, or real: a real API server with fake nodes, built once (default: memory)",
    example: "--kubernetes real",
  },
  "data-path": {
    value: "KIND",
    choices: dataPathChoices,
    says: "none, or real: real packets between nodes in network namespaces; needs --kubernetes real and root (default: none)",
    example: "--kubernetes real --data-path real",
  },
  "calico-files": {
    value: "DIR",
    says: "the programs of another Calico release, laid out as in its images (docs/data-path.md)",
    example: "--kubernetes real --data-path real --calico-files ./calico-files",
  },
  nodes: {
    value: "N",
    isNumber: true,
    says: "scale the pools to N nodes in total (default: as in the stack file)",
    example: "--nodes 1000",
  },
  client: {
    value: "ADDRESS",
    says: "where Pulumi runs: an address, or the ID of its security group (default: where the settings allow it)",
    example: "--client 10.60.0.10",
  },
  verify: {
    excludes: "fault",
    says: "run the checks of npm run verify once the stack is up; needs --kubernetes real. Without --data-path real, those that inspect nodes are left out",
    example: "--kubernetes real --data-path real --verify",
  },
  measure: {
    value: "MODES",
    excludes: "verify",
    says: "run the measurements of npm run measure in these modes (tunnel, dsr, iptables) once the stack is up; needs --data-path real and three nodes",
    example: "--kubernetes real --data-path real --nodes 3 --measure dsr,tunnel,iptables",
  },
  fault: {
    value: "FAULT",
    isList: true,
    excludes: "kubernetes",
    says: "a fault to inject, as TARGET:OPERATION:KIND[:WHEN]; repeatable (docs/contributing/faults.md)",
    example: "--fault Vpc:create:error --fault NatGateway:delete:lost:1",
  },
  "kill-after": {
    value: "N",
    isNumber: true,
    excludes: "kubernetes",
    says: "interrupt up after its N-th event, then recover",
    example: "--kill-after 200 --signal SIGKILL",
  },
  signal: {
    value: "SIGNAL",
    choices: signals,
    says: "signal of --kill-after: SIGINT, as Ctrl-C sends, or SIGKILL (default: SIGINT)",
    example: "--kill-after 200 --signal SIGINT",
  },
  report: {
    value: "FILE",
    says: "write a report with diagrams, as Markdown for GitHub",
    example: "--report rehearsal.md",
  },
  json: {
    value: "FILE",
    says: "write the report as JSON",
    example: "--json rehearsal.json",
  },
};

/** `npm run rehearse`. */
export const rehearse: Command = {
  command: "npm run rehearse --",
  name: "rehearse",
  about: "Runs this program through the real Pulumi engine against a simulated AWS. Needs no account.",
  options,
  example: "--stack dev --report rehearsal.md",
};
