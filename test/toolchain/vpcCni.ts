import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CachePlace, cached, fillCache, type Reason } from "../../infra/commands/shared/engine/build.ts";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { defaultCacheFolder, pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { whileSaying } from "../../infra/commands/shared/progress.ts";
import { moduleFolder } from "./moduleFolder.ts";

const module = "github.com/aws/amazon-vpc-cni-k8s";
const modules = fileURLToPath(new URL("vpc-cni", import.meta.url));

const plugin = pinned({
  program: "aws-cni",
  packagePath: `${module}/cmd/routed-eni-cni-plugin`,
  module,
  moduleFolder: modules,
});

/** What the images of the VPC CNI have in their folders `/app` and `/init`, by their packages (its Makefile). */
const programs: Readonly<Record<string, string>> = {
  "routed-eni-cni-plugin": "aws-cni",
  "egress-cni-plugin": "egress-cni",
  "aws-k8s-agent": "aws-k8s-agent",
  "aws-vpc-cni": "aws-vpc-cni",
  "aws-vpc-cni-init": "aws-vpc-cni-init",
  "grpc-health-probe": "grpc-health-probe",
};

/** The release that is built here, as its tag is written: `v1.22.4`. */
export const vpcCniRelease = `v${plugin.version}`;

interface Built {
  /** Laid out as the image's `/app`. */
  readonly folder: string;
}

/**
 * Gets the programs of the VPC CNI from the cache, else built from its Go module.
 * @returns the folder that they are in
 * @throws UserError when they cannot be had
 */
export async function vpcCniPrograms(say: (line: string) => void): Promise<string> {
  const env = ownEnvironment();
  const place = placeOf(env);
  const line = (elapsed: string) =>
    `building the VPC CNI ${vpcCniRelease}: ${elapsed}; four minutes on two cores, once`;
  const found = await cached(place);
  const built =
    "reason" in found
      ? await whileSaying({ say }, line, () => fillCache(place, (folder) => make(folder, env)))
      : found;
  if ("reason" in built) {
    throw new UserError(
      `--data-path real needs the VPC CNI ${vpcCniRelease}, and building it failed: ${built.reason}`,
    );
  }
  return built.folder;
}

function placeOf(env: Environment): CachePlace<Built> {
  return {
    folder: join(defaultCacheFolder(env), plugin.cacheName),
    program: plugin.program,
    inspect: async (file): Promise<Built | Reason> => {
      const versionOnly = { ...env, CNI_COMMAND: "VERSION" };
      const outcome = await execute(file, [], { env: versionOnly, timeoutSeconds: 20 });
      return outcome.ok ? { folder: join(file, "..") } : { reason: `${file} ${outcome.reason}` };
    },
  };
}

/** Returns why it could not, or nothing. */
async function make(folder: string, env: Environment): Promise<string | undefined> {
  const sources = await moduleFolder({ module, pinnedIn: "vpc-cni", what: "the VPC CNI" }, env);
  const bin = join(folder, "bin");
  const packages = Object.keys(programs).map((name) => `${module}/cmd/${name}`);
  const outcome = await execute("go", ["build", ...plugin.buildFlags, "-o", `${bin}/`, ...packages], {
    env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
    folder: modules,
  });
  if (!outcome.ok) return `go ${outcome.reason}`;
  for (const [name, program] of Object.entries(programs)) renameSync(join(bin, name), join(bin, program));
  cpSync(join(sources.folder, "misc", "10-aws.conflist"), join(bin, "10-aws.conflist"));
  return undefined;
}
