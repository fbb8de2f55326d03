import { amis } from "../facts/amis.ts";
import type { NodePoolSettings } from "../settings/settings.ts";

/**
 * Volumes of a node, all encrypted gp3. The operating system's own, where there is one, is named only to encrypt it: its
 * size is the AMI's.
 */
export function blockDevices({ family, diskGib }: Pick<NodePoolSettings, "family" | "diskGib">) {
  const { dataDevice, systemDevice }: { dataDevice: string; systemDevice?: string } = amis[family];
  const volume = { encrypted: "true", volumeType: "gp3", deleteOnTermination: "true" };
  return [
    ...(systemDevice === undefined ? [] : [{ deviceName: systemDevice, ebs: volume }]),
    { deviceName: dataDevice, ebs: { ...volume, volumeSize: diskGib } },
  ];
}
