import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { presentPulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { program as ownProgram } from "../../infra/program.ts";
import type { Rehearsal, RehearseOptions } from "../rehearsal/rehearsal.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { type Tampering, tampered } from "./tampering.ts";

export const root = join(import.meta.dirname, "..", "..");

/** The CLI that is on this machine. */
export const cli = await presentPulumiCli();

/** Settings of a small cluster with two nodes. */
export const smallCluster = {
  "aws:region": "eu-west-1",
  "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
} as const;

export interface Scenario {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: the program of the project. */
  readonly program?: PulumiFn;
  /** The mistake to make. */
  readonly tampering?: Tampering;
  readonly until?: RehearseOptions["until"];
  readonly world?: RehearseOptions["world"];
  /** Operations that the engine runs at a time. Default: its own. */
  readonly parallel?: number;
  /** Default: Kubernetes in memory. */
  readonly realKubernetes?: RehearseOptions["realKubernetes"];
}

/** Rehearses the program, with a mistake if there is one, through `up`. */
export async function rehearsed({
  config = smallCluster,
  program = ownProgram,
  tampering,
  until = "up",
  world = {},
  realKubernetes,
  parallel,
}: Scenario): Promise<Rehearsal> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  const run: PulumiFn = tampering === undefined ? program : tampered(program, tampering);
  return rehearse({
    program: run,
    command: cli.command,
    root,
    settings: stackSettings({ name: "dev", file: "a test", config: { ...config } }),
    config,
    until,
    ...(parallel === undefined ? {} : { parallel }),
    ...(realKubernetes === undefined
      ? { world: { stallMilliseconds: 1500, ...world } }
      : { world, realKubernetes }),
  });
}
