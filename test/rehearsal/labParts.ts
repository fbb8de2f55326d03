import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../components/settings/settings.ts";
import { usesVpcCni } from "../../components/specs/vpcCni.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { missingRequirements } from "../simulator/dataPath/requirements.ts";
import type { LabParts } from "../simulator/realKubernetes/labNodes.ts";
import { calicoRelease, nodePrograms, presentNodePrograms } from "../toolchain/calicoNode.ts";
import { vpcCniPrograms, vpcCniRelease } from "../toolchain/vpcCni.ts";

/** What a folder for --calico-files must contain. */
const calicoFiles = [
  "usr/bin/calico-node",
  "usr/lib/calico/bpf",
  "opt/cni/bin/calico",
  "opt/cni/bin/calico-ipam",
  "opt/cni/bin/install",
] as const;

/**
 * Gets the parts of nodes with real packets, and prints them.
 * @param settings of the stack
 * @param files folder with the programs of another Calico release
 * @param measures measurements are made, too
 * @throws UserError with a line for each thing that this machine or the folder lacks, before anything is started
 */
export async function labParts(
  { region, calico }: Pick<Settings, "calico" | "region">,
  files: string | undefined,
  say: (line: string) => void,
  measures = false,
): Promise<LabParts> {
  const problems = files === undefined ? [] : missingFiles(files);
  const builds = files === undefined && (await presentNodePrograms()) === undefined;
  problems.push(
    ...(await missingRequirements({ builds, measures })).map((line) => `--data-path real: ${line}.`),
  );
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  const programs = await nodePrograms({ say, ...(files === undefined ? {} : { calicoFiles: files }) });
  const vpcCni = usesVpcCni({ calico }) ? { vpcCni: await vpcCniPrograms(say) } : {};
  const cni = usesVpcCni({ calico }) ? ` and the VPC CNI ${vpcCniRelease}` : "";
  say(`Data path: real packets; Calico ${files ?? calicoRelease}${cni} on nodes in network namespaces`);
  return { programs: { ...programs, ...vpcCni }, region };
}

function missingFiles(folder: string): string[] {
  if (!existsSync(folder)) return [`--calico-files ${folder}: directory does not exist.`];
  const missing = calicoFiles.filter((file) => !existsSync(join(folder, file)));
  return missing.length === 0
    ? []
    : [
        `--calico-files ${folder}: ${missing.join(", ")} not in it. Copy them from the images, see docs/data-path.md.`,
      ];
}
