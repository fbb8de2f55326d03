import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import type { Tampering } from "../tampering.ts";
import { type Living, startLiving } from "./living.ts";
import { ownersOf } from "./managedFields.ts";
import { onRealParts, parts } from "./parts.ts";
import { felixWith, installationWith, patchOf } from "./tampering.ts";

let living: Living;

const selector = { matchLabels: { app: "dns" } };

beforeAll(async () => {
  if (parts === undefined) return;
  living = await startLiving();
  expect(await living.up()).toBe("");
}, 120_000);

afterAll(() => living?.end());

/** Every one of these is seen by the preview, so that nothing of the cluster changes. */
describe.skipIf(parts === undefined)(`${onRealParts}, a preview refuses`, { timeout: 60_000 }, () => {
  it.each<{ mistake: string; tampering: Tampering; says: string }>([
    {
      mistake: "a field that the Installation does not have",
      tampering: installationWith({ linuxDataplane: "BPF" }),
      says: ".spec.linuxDataplane: field not declared in schema",
    },
    {
      mistake: "a value that FelixConfiguration does not take",
      tampering: felixWith({ bpfExternalServiceMode: "Direct" }),
      says: 'spec.bpfExternalServiceMode: Invalid value: "Direct"',
    },
    {
      mistake: "bpfEnabled, which is the operator's",
      tampering: felixWith({ bpfEnabled: false }),
      says: 'Apply failed with 1 conflict: conflict with "operator" using crd.projectcalico.org/v1: .spec.bpfEnabled',
    },
    {
      mistake: "a field that belongs to an add-on",
      tampering: patchOf("coredns", { selector }),
      says: 'Apply failed with 1 conflict: conflict with "eks": .spec.selector',
    },
    {
      mistake: "a field that cannot change, even when it is taken by force",
      tampering: patchOf("coredns", { selector }, { "pulumi.com/patchForce": "true" }),
      says: "spec.selector: Invalid value",
    },
  ])("$mistake", async ({ tampering, says }) => {
    expect(await living.preview(tampering)).toContain(says);
  });

  it("nothing of a change that is right", async () => {
    expect(await living.preview(installationWith({ nodeMetricsPort: 9092 }))).toBe("");
  });
});

describe.skipIf(parts === undefined)(`${onRealParts}, every resource`, { timeout: 60_000 }, () => {
  it("has a separate field manager, and no field has two of this program", () => {
    const objects = living.world.kubernetes.contents();
    const find = (kind: string, name: string) =>
      objects.find((one) => one.kind === kind && one.metadata.name === name) as KubernetesObject;

    expect(ownersOf(find("Namespace", "tigera-operator"))).toEqual({
      managers: ["pulumi-kubernetes"],
      shared: [],
    });
    expect(ownersOf(find("Installation", "default"))).toEqual({
      managers: ["calico-ebpf-eks-ready-gate", "pulumi-kubernetes"],
      shared: [],
    });
    expect(ownersOf(find("FelixConfiguration", "default"))).toEqual({
      managers: ["calico-ebpf-eks-dataplane-gate", "pulumi-kubernetes"],
      shared: [],
    });
    expect(ownersOf(find("Deployment", "coredns"))).toEqual({
      managers: ["calico-ebpf-eks-coredns"],
      shared: [],
    });
  });
});

describe.skipIf(parts === undefined)(`${onRealParts}, the checks find`, { timeout: 60_000 }, () => {
  it("nothing where all is well", () => {
    expect(living.untrue()).toEqual([]);
  });

  it("a node whose kernel does not carry eBPF, on which Felix falls back without a word", () => {
    const [node] = living.world.cloud.instances.values();
    const { kernel = "", nodeName = "" } = node ?? {};
    Object.assign(node ?? {}, { kernel: "5.4.0-1103-aws" });
    try {
      expect(living.untrue()).toEqual([
        `the dataplane is BPF on every node: ${nodeName} runs iptables`,
        `every node has a service handler: ${nodeName} has neither eBPF nor kube-proxy`,
      ]);
    } finally {
      Object.assign(node ?? {}, { kernel });
    }
  });
});
