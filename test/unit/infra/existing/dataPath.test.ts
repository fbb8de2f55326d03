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
import { before, contested, dependenciesOf, find } from "../../../support/graph.ts";

const kinds = { operator: {}, manifest: byManifest } as const;

const reversed: ExistingChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

async function planned(kind: keyof typeof kinds, change: ExistingChange): Promise<readonly Recorded[]> {
  const found = soundFrom(snapshot(kinds[kind]));
  const { resources } = await record(() =>
    existingDataPath({ settings: existingSettings(change), address, found }, {}),
  );
  return resources;
}

async function patches(kind: keyof typeof kinds, change: ExistingChange): Promise<readonly Recorded[]> {
  return (await planned(kind, change)).filter(({ type }) => type.endsWith("Patch"));
}

/** Kinds whose health a refresh looks at: an `up` then waits for what was not well (pulumi-kubernetes awaiters.go). */
const awaited = /:(DaemonSet|Deployment|Ingress|Job|Pod|Service|StatefulSet)(Patch)? /;

/** Of what comes before a resource, what its health can hold up. */
const waitedFor = (resources: readonly Recorded[], resource: Recorded) =>
  [...before(resources, resource)].filter((one) => awaited.test(one)).toSorted();

const kubeProxyType = "kubernetes:apps/v1:DaemonSetPatch";

const annotationsOf = ({ inputs }: Recorded) =>
  (inputs["metadata"] as { annotations?: Record<string, string> }).annotations ?? {};

const objectOf = ({ inputs }: Recorded) => {
  const { name, namespace } = inputs["metadata"] as { name: string; namespace?: string };
  return `${inputs["kind"]} ${namespace ?? ""}/${name}`;
};

describe.each(["operator", "manifest"] as const)("in a cluster with Calico by its %s", (kind) => {
  it.each<[string, ExistingChange]>([
    ["to eBPF", {}],
    ["to eBPF with kube-proxy", { kubeProxy: "Running" }],
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

  it("the names of the field managers are those of before: another would leave its fields behind", async () => {
    const names = (await patches(kind, {})).flatMap(
      (one) => annotationsOf(one)["pulumi.com/patchFieldManager"] ?? [],
    );

    expect(names.toSorted()).toEqual(
      {
        operator: [
          "calico-ebpf-eks-dns",
          "calico-ebpf-eks-felix",
          "calico-ebpf-eks-installation",
          "calico-ebpf-eks-kube-proxy",
          "calico-ebpf-eks-tigera-operator",
        ],
        manifest: [
          "calico-ebpf-eks-bpf-enabled",
          "calico-ebpf-eks-calico-kube-controllers",
          "calico-ebpf-eks-calico-node",
          "calico-ebpf-eks-dns",
          "calico-ebpf-eks-kube-proxy",
        ],
      }[kind],
    );
  });

  it("every patch forces its fields, so that an up restores manual changes", async () => {
    for (const one of await patches(kind, {})) {
      expect(annotationsOf(one)["pulumi.com/patchForce"]).toBe("true");
    }
  });

  it("on the way back, kube-proxy waits for nothing that can be unhealthy, and the switch only for kube-proxy", async () => {
    const resources = await planned(kind, reversed);
    const switched =
      kind === "operator" ? ["Installation", "installation"] : ["FelixConfiguration", "bpf-enabled"];
    const proxy = find(resources, kubeProxyType, "kube-proxy");
    const turned = resources.find(
      ({ inputs, name }) => inputs["kind"] === switched[0] && name === switched[1],
    );
    if (turned === undefined) throw new Error("nothing turns the dataplane");

    expect(waitedFor(resources, proxy)).toEqual([]);
    // It spares kube-proxy's rules and port.
    expect(dependenciesOf(resources, proxy)).toEqual([expect.stringMatching(/ felix-configuration$/)]);
    expect(waitedFor(resources, turned)).toEqual([`${kubeProxyType} kube-proxy`]);
  });

  it("on the way to eBPF, the switch waits until everything that is restarted has learned the address", async () => {
    const resources = await planned(kind, {});
    const restarted =
      kind === "operator"
        ? ["kubernetes:apps/v1:DeploymentPatch tigera-operator"]
        : [
            "kubernetes:apps/v1:DaemonSetPatch calico-node",
            "kubernetes:apps/v1:DeploymentPatch calico-kube-controllers",
            "kubernetes:batch/v1:Job kubelet-delay",
          ];

    expect(waitedFor(resources, find(resources, kubeProxyType, "kube-proxy"))).toEqual(restarted);
  });
});
