import { delimiter, join } from "node:path";
import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { settingsNamespace } from "../../components/settings/namespaces.ts";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";

export interface EngineOptions {
  readonly program: PulumiFn;
  readonly command: PulumiCommand;
  readonly stack: string;
  /** Text of Pulumi.yaml. */
  readonly project: string;
  /** The stack file's `config:` mapping. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `aws:PORT,…`: providers that the engine attaches to instead of starting its own. */
  readonly debugProviders: string;
  /** Lets the Automation API start the CLI itself; no operation can be interrupted then. Default false. */
  readonly uninterrupted?: boolean;
  /** Folder of a provider's plugin, which the engine starts. */
  readonly pluginFolder?: string;
  /** Where the program gets its charts, overriding the stack file. Default: as in the stack file. */
  readonly charts?: Charts;
  /** Operations that the engine runs at a time: `--parallel`. Default: its own, four for each processor. */
  readonly parallel?: number;
}

/** A Helm repository at a port of this machine. */
export interface Charts {
  /** `https://127.0.0.1:PORT` */
  readonly repository: string;
  /** Its certificate, in PEM. */
  readonly certificate: string;
}

/** The program runs in this process: the project's entry point and folder of stack files do not apply. */
export function inlineProject(text: string): string {
  const { main: _main, stackConfigDir: _stackConfigDir, ...project } = parse(text) as Record<string, unknown>;
  return stringify(project);
}

/** The environment that the CLI runs in. */
export function environment(
  folder: string,
  { debugProviders, pluginFolder, charts }: EngineOptions,
): Record<string, string> {
  const { PATH: path = "" } = ownEnvironment();
  return {
    // Without side files, whose writing is not atomic: a kill in between leaves a state that cannot be read.
    PULUMI_BACKEND_URL: `file://${folder}?metadata=skip`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "rehearsal",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The engine lives for seconds: collecting its garbage would cost more than it frees.
    GOGC: "off",
    GOMEMLIMIT: "512MiB",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: debugProviders,
    // Then Go trusts only this.
    ...(charts === undefined ? {} : { SSL_CERT_FILE: certificateFile(folder) }),
    ...(pluginFolder === undefined ? {} : { PATH: `${pluginFolder}${delimiter}${path}` }),
  };
}

/** Holds the certificate of the charts' repository. */
export function certificateFile(folder: string): string {
  return join(folder, "charts.crt");
}

/** The stack file's `config:`, with the repository that the charts come from. */
export function withCharts(config: EngineOptions["config"], charts: Charts | undefined) {
  if (charts === undefined) return config;
  const [calico, others] = [`${settingsNamespace}:calico`, `${settingsNamespace}:charts`];
  return {
    ...config,
    [calico]: { ...(config[calico] as object), chartRepository: charts.repository },
    [others]: { ...(config[others] as object), repository: charts.repository },
  };
}
