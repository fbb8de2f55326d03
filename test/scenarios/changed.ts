import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { program } from "../../infra/program.ts";
import { rehearseChange } from "../rehearsal/changes/rehearseChange.ts";
import type { Rehearsal, RehearseOptions } from "../rehearsal/rehearsal.ts";
import { cli, root, smallCluster } from "./rehearsed.ts";

type Config = Readonly<Record<string, unknown>>;

/** Rehearses a change of a small cluster: what its stack file says besides, before and after. */
export async function changed(
  from: Config,
  to: Config,
  realKubernetes?: RehearseOptions["realKubernetes"],
): Promise<Rehearsal> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  const settingsOf = (config: Config) =>
    stackSettings({ name: "dev", file: "a test", config: { ...config } });
  const [config, changedConfig] = [
    { ...smallCluster, ...from },
    { ...smallCluster, ...to },
  ];
  return rehearseChange({
    program,
    command: cli.command,
    root,
    config,
    changedConfig,
    change: { from: settingsOf(config), to: settingsOf(changedConfig) },
    ...(realKubernetes === undefined ? { world: { stallMilliseconds: 1500 } } : { realKubernetes }),
  });
}
