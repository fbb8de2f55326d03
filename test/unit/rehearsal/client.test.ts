import { describe, expect, it } from "vitest";
import { clientOf } from "../../rehearsal/client.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";

describe("where a rehearsal takes Pulumi to run", () => {
  it.each<[string, NonNullable<SettingsChange["cluster"]>, string]>([
    ["the first public range", { publicAccessCidrs: ["198.18.0.0/15", "9.9.9.9/32"] }, "198.18.0.1"],
    ["a single address", { publicAccessCidrs: ["9.9.9.9/32"] }, "9.9.9.9"],
    [
      "an example, where everybody may",
      { publicAccessCidrs: ["0.0.0.0/0"], allowPublicAnywhere: true },
      "192.0.2.1",
    ],
    [
      "the public range, whatever else there is",
      { publicAccessCidrs: ["9.9.9.9/32"], privateAccessCidrs: ["10.60.0.0/16"] },
      "9.9.9.9",
    ],
    [
      "the first private range of a private endpoint",
      { publicAccessCidrs: [], privateAccessCidrs: ["10.60.8.0/24", "10.61.0.0/16"] },
      "10.60.8.1",
    ],
    [
      "a machine with the security group of a private endpoint",
      { publicAccessCidrs: [], privateAccessSecurityGroupIds: ["sg-0a1b2c3d"] },
      "sg-0a1b2c3d",
    ],
    ["anywhere, where the settings allow no range", { publicAccessCidrs: [] }, "198.51.100.1"],
  ])("is %s", (_name, cluster, client) => {
    expect(clientOf(settings({ cluster }))).toBe(client);
  });
});
