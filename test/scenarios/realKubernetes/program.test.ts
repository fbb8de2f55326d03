import { afterEach, describe, expect, it } from "vitest";
import { leftovers } from "../../rehearsal/checks.ts";
import { rehearsed } from "../rehearsed.ts";
import type { Tampering } from "../tampering.ts";
import { type Living, startLiving } from "./living.ts";
import { onRealParts, parts } from "./parts.ts";
import { refusedKarpenter, refusedManifests } from "./shownManifests.ts";

let living: Living | undefined;

afterEach(async () => {
  await living?.end();
  living = undefined;
});

/** An Installation that leaves most of its pool to the operator's defaults. */
function withHalfAPool(nodeMetricsPort: number): Tampering {
  return ({ type, props }) => {
    if (type !== "kubernetes:operator.tigera.io/v1:Installation") return undefined;
    const { ipPools, ...network } = props.spec.calicoNetwork;
    const [{ name, cidr }] = ipPools;
    const calicoNetwork = { ...network, ipPools: [{ name, cidr }] };
    return { props: { ...props, spec: { ...props.spec, calicoNetwork, nodeMetricsPort } } };
  };
}

describe.skipIf(parts === undefined)(onRealParts, { timeout: 400_000 }, () => {
  it("the program comes up, changes nothing a second time nor after a refresh, and leaves nothing behind", async () => {
    const { problems, leftBehind, checks } = await rehearsed({
      until: "destroy",
      ...(parts === undefined ? {} : { realKubernetes: parts }),
    });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
  });

  it("two searches for drift right after an up find nothing, manifests of the docs and of Karpenter are taken, and a refresh before a destroy leaves it clean", async () => {
    living = await startLiving();
    expect(await living.up()).toBe("");

    expect([await living.drift(), await living.drift()]).toEqual(["", ""]);
    expect(await living.refresh()).toBe("");
    const { api } = living.world.kubernetes;
    expect(await (api && refusedManifests(api))).toEqual([]);
    expect(await (api && refusedKarpenter(api))).toEqual([]);
    expect(await (api && refusedKarpenter(api, { instanceProfile: undefined }))).toEqual([
      expect.stringContaining("must specify exactly one of ['role', 'instanceProfile']"),
    ]);
    expect(await living.destroy()).toBe("");
    expect(leftovers(living.world)).toEqual([]);
  });

  it("of a half-specified pool the operator makes IPIP and installs nothing, and its change is a conflict in preview already", async () => {
    living = await startLiving();
    expect(await living.upInVain(withHalfAPool(9091))).toContain("timed out waiting for the condition");
    const calico = living.world.kubernetes
      .contents()
      .find(({ kind, metadata }) => kind === "TigeraStatus" && metadata.name === "calico");
    expect(JSON.stringify(calico)).toContain(
      "Invalid Installation provided: with BIRD cluster routing mode, IPIP encapsulation requires that BGP is enabled",
    );

    const conflict =
      /Apply failed with 1 conflict: conflict with "operator" using operator.tigera.io\/v1: .spec.calicoNetwork.ipPools/;
    expect(await living.preview(withHalfAPool(9092))).toMatch(conflict);
  });
});
