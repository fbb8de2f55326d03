import { expect, it } from "vitest";
import { blockDevices } from "../../../../components/specs/nodeGroup.ts";

const volume = { encrypted: "true", volumeType: "gp3", deleteOnTermination: "true" };

it.each([
  ["AL2023", [{ deviceName: "/dev/xvda", ebs: { ...volume, volumeSize: 50 } }]],
  [
    "Bottlerocket",
    [
      { deviceName: "/dev/xvda", ebs: volume },
      { deviceName: "/dev/xvdb", ebs: { ...volume, volumeSize: 50 } },
    ],
  ],
] as const)(
  "encrypts every volume of %s, and sizes the one that holds images and pods",
  (family, devices) => {
    expect(blockDevices({ family, diskGib: 50 })).toEqual(devices);
  },
);
