import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { chosenProgram } from "../../../infra/chosenProgram.ts";
import { Engine } from "../../rehearsal/engine.ts";
import { type Ec2Options, openAmongNodes, startEc2 } from "../../simulator/existing/ec2Endpoint.ts";
import { ExistingCluster, type ExistingOptions } from "../../simulator/existing/existingCluster.ts";
import { instancesOf } from "../../simulator/existing/instances.ts";
import { apiServerAddress } from "../../simulator/existing/seeds.ts";
import { calicoCrds } from "../../toolchain/calicoCrds.ts";
import { cli, root } from "../rehearsed.ts";
import { type Tampering, tampered } from "../tampering.ts";
import { parts } from "./parts.ts";

const ends: (() => Promise<unknown>)[] = [];

/** Stops whatever a test has started. */
export async function stopAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/** A folder that goes with the rest. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "existing-cluster-"));
  ends.push(() => rm(folder, { recursive: true }));
  return folder;
}

export type Start = Pick<ExistingOptions, "calico"> &
  Partial<ExistingOptions> & { readonly ec2?: Partial<Ec2Options> };

/** A cluster that is there, its nodes on a simulated EC2. */
export async function startExisting({ ec2 = {}, ...options }: Start): Promise<ExistingCluster> {
  if (parts === undefined) throw new Error("skipped");
  const { instances = instancesOf(3) } = options;
  const endpoint = await startEc2({ instances, rules: [openAmongNodes], ...ec2 });
  ends.push(() => endpoint.stop());
  vi.stubEnv("AWS_ENDPOINT_URL_EC2", endpoint.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  const crds = [...(await calicoCrds()).crds, ...parts.crds];
  const cluster = await ExistingCluster.start({ ...parts, crds, ...options, instances });
  ends.push(() => cluster.stop());
  return cluster;
}

/** A stack's configuration that takes the cluster. */
export function configOf(
  kubeconfig: string,
  settings: Readonly<Record<string, unknown>> = {},
  apiServer: object = apiServerAddress,
): Record<string, unknown> {
  const ours = Object.entries(settings).map(([key, value]) => [`calico-ebpf-eks:${key}`, value]);
  return { "calico-ebpf-eks:cluster": { existing: { kubeconfig, apiServer } }, ...Object.fromEntries(ours) };
}

/** Seconds that this program waits in vain for a calico-node that does not start. */
const impatientSeconds = 20;

/** Waits for kubelets without most of its minute, and for a broken Calico without most of its ten. */
function hurried(cluster: Pick<ExistingCluster, "broken">): Tampering {
  return ({ type, props, opts }) => {
    if (type === "kubernetes:batch/v1:Job") {
      return { props: { ...props, spec: { ...props.spec, activeDeadlineSeconds: 2 } } };
    }
    if (!(cluster.broken && "customTimeouts" in opts)) return undefined;
    const seconds = `${impatientSeconds}s`;
    return { opts: { ...opts, customTimeouts: { create: seconds, update: seconds } } };
  };
}

/** The real engine and the real kubernetes plugin with this program, on a cluster. */
export async function engineFor(
  cluster: Pick<ExistingCluster, "broken">,
  config: Readonly<Record<string, unknown>>,
): Promise<Engine> {
  if (cli === undefined || parts === undefined) throw new Error("skipped");
  const engine = await Engine.start({
    program: tampered(chosenProgram, hurried(cluster)),
    command: cli.command,
    stack: "there",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config,
    debugProviders: "",
    pluginFolder: parts.pluginFolder,
  });
  ends.push(() => engine.remove());
  return engine;
}
