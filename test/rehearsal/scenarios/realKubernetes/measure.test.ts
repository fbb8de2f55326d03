import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Living, startLiving } from "./living.ts";
import { measuredOn } from "./measured.ts";
import { onRealParts, parts } from "./parts.ts";

let living: Living | undefined;

beforeAll(async () => {
  if (parts === undefined) return;
  living = await startLiving({
    config: {
      "aws:region": "eu-west-1",
      "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
      "calico-ebpf-eks:nodePools": { default: { size: { min: 3, desired: 3, max: 4 } } },
    },
  });
  expect(await living.up()).toBe("");
}, 300_000);

afterAll(() => living?.end());

describe.skipIf(parts === undefined)(`${onRealParts}, npm run measure`, () => {
  it("measures everything with the real tools, and leaves nothing behind", async () => {
    if (living === undefined) throw new Error("skipped");
    const t0 = performance.now();
    const { data, said } = await measuredOn(living, { args: ["--client", "bastion", "--repeats", "1", "--services", "1,5"] });
    console.log(said.join("\n"), performance.now() - t0);
    console.log(JSON.stringify(data, undefined, 1));
    expect(data.leftOut).toEqual([]);
  }, 300_000);
});
