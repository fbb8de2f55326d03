import { expect, it } from "vitest";
import { broken } from "../rehearsal/checks.ts";
import { converges, leavesNothing } from "../rehearsal/faults/convergence.ts";
import { at } from "../simulator/kubernetes/object.ts";
import { devConfig, devLife, devSettings, untilSuccess } from "./faults/devStack.ts";
import { failureOf, stepsOf } from "./livingStack.ts";

const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";
const cni = { cni: "AmazonVPC" } as const;
const { "calico-ebpf-eks:cluster": cluster, "calico-ebpf-eks:nodePools": pools } = devConfig();
const before = {
  "calico-ebpf-eks:calico": cni,
  "calico-ebpf-eks:nodePools": { default: { ...(pools as Pools).default, maxPods: 82 } },
};

interface Pools {
  readonly default: object;
}

/** Changes of the stack file, each on top of those before. */
const changes: readonly Readonly<Record<string, unknown>>[] = [
  { "calico-ebpf-eks:addons": { "vpc-cni": { version: "v1.22.1-eksbuild.1" } } },
  { "calico-ebpf-eks:calico": { ...cni, dataplane: "Iptables" }, "calico-ebpf-eks:kubeProxy": "Running" },
  { "calico-ebpf-eks:calico": cni, "calico-ebpf-eks:kubeProxy": "Absent" },
  { "calico-ebpf-eks:cluster": { ...(cluster as object), kubernetesVersion: "1.36" } },
];

it("A stack on the AWS VPC CNI survives faults, is repaired, switched, upgraded and destroyed like any other", async () => {
  const life = await devLife(before);
  const { engine, injector, world } = life;
  injector.add({ target: "vpc-cni", operation: "create", kind: "error", when: "once" });
  injector.add({ target: "PodIdentityAssociation", operation: "create", kind: "lost", when: "once" });
  expect(await untilSuccess(() => engine.up())).toBeGreaterThan(1);
  expect(broken(await converges(life))).toEqual([]);

  world.kubernetes.api.merge(felixKey, { spec: { bpfExternalServiceMode: "DSR" } }, "kubectl-patch");
  await engine.refresh();
  await engine.up();
  expect(at(world.kubernetes.api.get(felixKey), "spec.bpfExternalServiceMode")).toBe("Tunnel");

  await engine.configure(devConfig({ ...before, "calico-ebpf-eks:calico": {} }));
  expect(await failureOf(engine.preview())).toContain("calico.cni: ");

  let config: Readonly<Record<string, unknown>> = before;
  const done: string[][] = [];
  for (const change of changes) {
    config = { ...config, ...change };
    await engine.configure(devConfig(config));
    done.push([...new Set(await stepsOf((onEvent) => engine.up(onEvent)))]);
  }
  const gates = ["update coredns", "update dataplane-gate"];
  const dataplane = ["update felix-configuration", "update installation", "update ready-gate"];
  expect(done).toEqual([
    ["update vpc-cni"],
    ["create kube-proxy", ...gates, ...dataplane],
    ["delete kube-proxy", ...gates, ...dataplane],
    [
      "update calico-ebpf-eks-dev-default",
      "update calico-ebpf-eks-dev-eksCluster",
      "update coredns",
      "update ready-gate",
    ],
  ]);
  expect(broken(await converges({ ...life, settings: devSettings(config) }))).toEqual([]);
  expect(broken(await leavesNothing(life))).toEqual([]);
}, 240_000);
