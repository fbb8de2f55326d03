import { describe, expect, it } from "vitest";
import { type Recorded, record } from "../../../../infra/commands/shared/plan/recorder.ts";
import { existingDataPath } from "../../../../infra/existing/dataPath.ts";
import { soundFrom } from "../../../../infra/existing/found.ts";
import {
  address,
  byManifest,
  type ExistingChange,
  existingSettings,
  snapshot,
} from "../../../support/existing.ts";
import { contested } from "../../../support/graph.ts";

const kinds = { operator: {}, manifest: byManifest } as const;

const reversed: ExistingChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

async function patches(kind: keyof typeof kinds, change: ExistingChange): Promise<readonly Recorded[]> {
  const found = soundFrom(snapshot(kinds[kind]));
  const { resources } = await record(() =>
    existingDataPath({ settings: existingSettings(change), address, found }, {}),
  );
  return resources.filter(({ type }) => type.endsWith("Patch"));
}

const annotationsOf = ({ inputs }: Recorded) =>
  (inputs["metadata"] as { annotations?: Record<string, string> }).annotations ?? {};

const objectOf = ({ inputs }: Recorded) => {
  const { name, namespace } = inputs["metadata"] as { name: string; namespace?: string };
  return `${inputs["kind"]} ${namespace ?? ""}/${name}`;
};

describe.each(["operator", "manifest"] as const)("in a cluster with Calico by its %s", (kind) => {
  it.each<[string, ExistingChange]>([
    ["to eBPF", {}],
    ["to eBPF beside kube-proxy", { kubeProxy: "Running" }],
    ["back to iptables", reversed],
  ])("no two patches write different values into one field of an object, %s", async (_way, change) => {
    expect(contested(await patches(kind, change))).toEqual([]);
  });

  it("one patch of each object names its field manager, and any other owns an annotation of this program", async () => {
    const all = await patches(kind, {});
    const named = all.filter((one) => "pulumi.com/patchFieldManager" in annotationsOf(one));
    const unnamed = all.filter((one) => !named.includes(one));

    expect(named.map(objectOf).toSorted()).toEqual([...new Set(all.map(objectOf))].toSorted());
    expect(unnamed).not.toEqual([]);
    for (const one of unnamed) expect(Object.keys(annotationsOf(one)).join()).toContain("calico-ebpf-eks/");
  });

  it("every patch insists on its fields, so that an up restores what somebody has changed", async () => {
    for (const one of await patches(kind, {})) {
      expect(annotationsOf(one)["pulumi.com/patchForce"]).toBe("true");
    }
  });
});
