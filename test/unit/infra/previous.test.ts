import { describe, expect, it } from "vitest";
import { record, recordRefusal } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { registered } from "../../support/graph.ts";
import { stackConfig } from "../../support/stackConfig.ts";

const versions = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };

const leaving = (outputs: Readonly<Record<string, unknown>>) => ({
  "pulumi:pulumi:readStackOutputs": ({ name }: Record<string, unknown>) => ({ name, outputs }),
});

/** Outputs of a release that did not export what is fixed. */
const older = {
  ...versions,
  clusterName: "calico-ebpf-eks-dev",
  region: "eu-west-1",
  installation: {
    calicoNetwork: { ipPools: [{ cidr: "192.168.0.0/16", blockSize: 26, encapsulation: "VXLAN" }] },
  },
};

const widerPool = stackConfig({ calico: { podCidr: "10.200.0.0/16" } });

describe("a stack that has had an up", () => {
  it("leaves for the next one what cannot change", async () => {
    const { result } = await record(program, { config: stackConfig({}) });

    expect(result.fixed).toEqual({
      region: "eu-west-1",
      name: "calico-ebpf-eks-dev",
      serviceCidr: "172.20.0.0/16",
      secretsKey: "create",
      vpc: "10.40.0.0/16",
      podCidr: "192.168.0.0/16",
      blockSize: 26,
      encapsulation: "VXLAN",
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["what it left", { ...versions, fixed: { podCidr: "192.168.0.0/16" } }],
    ["what an older release left", older],
  ])("is refused another pod range by %s, before anything is registered", async (_whose, outputs) => {
    const { error, resources } = await recordRefusal(program, {
      config: widerPool,
      answers: leaving(outputs),
    });

    expect(registered(resources).filter((one) => !one.startsWith("pulumi:providers:"))).toEqual([]);
    expect(String(error)).toContain(
      "calico.podCidr: the cluster has 192.168.0.0/16, and the stack file says 10.200.0.0/16",
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["has been destroyed since", {}],
    ["has the same", { ...older, installation: { calicoNetwork: { ipPools: [{ cidr: "10.200.0.0/16" }] } } }],
  ])("may have that pod range when it %s", async (_when, outputs) => {
    await expect(record(program, { config: widerPool, answers: leaving(outputs) })).resolves.toBeDefined();
  });

  it.each([
    ["Iptables", 1],
    ["BPF", 0],
  ])("is warned of a switch to eBPF where it was in %s", async (dataplane, warnings) => {
    const answers = leaving({ ...versions, dataplane });
    const { log } = await record(program, { config: stackConfig({}), answers });

    expect(log.filter((line) => line.startsWith("warning: calico.dataplane: "))).toHaveLength(warnings);
  });
});
