import { EbsStorage } from "../components/ebsStorage.ts";
import type { Settings } from "../components/settings/settings.ts";
import { ebsDriver } from "../components/specs/addons.ts";
import type { Addons } from "./addons.ts";
import type { DataPath } from "./dataPath.ts";

/** The default class of volumes, when the stack has EBS volumes. */
export function storage(
  { storage: { ebs } }: Pick<Settings, "storage">,
  { inCluster }: Pick<DataPath, "inCluster">,
  { running }: Pick<Addons, "running">,
): void {
  const driver = running[ebsDriver];
  if (ebs && driver !== undefined) new EbsStorage("ebs-gp3", { driver }, inCluster);
}
