import { describe, expect, it } from "vitest";
import { changedStackFile, setting } from "../../changes/changedStackFile.ts";
import { UserError } from "../../userError.ts";

const before = {
  name: "dev",
  file: "stacks/Pulumi.dev.yaml",
  config: { "aws:region": "eu-west-1", "calico-ebpf-eks:calico": { mtu: 1440 } },
};

describe("a changed stack file", () => {
  it("has what is set, beside what was there", () => {
    const set = ["calico.dataplane=Iptables", "kubeProxy=Running", "aws:region=eu-north-1"];

    expect(changedStackFile(before, { set }, ".")).toEqual({
      name: "dev",
      file: "stacks/Pulumi.dev.yaml with calico.dataplane=Iptables, kubeProxy=Running, aws:region=eu-north-1",
      config: {
        "aws:region": "eu-north-1",
        "calico-ebpf-eks:calico": { mtu: 1440, dataplane: "Iptables" },
        "calico-ebpf-eks:kubeProxy": "Running",
      },
    });
    expect(before.config["calico-ebpf-eks:calico"]).toEqual({ mtu: 1440 });
  });

  it.each([
    ["network.natGateway=false", ["calico-ebpf-eks:network", "natGateway"], false],
    ["cluster.logTypes=[api, audit]", ["calico-ebpf-eks:cluster", "logTypes"], ["api", "audit"]],
    ['cluster.kubernetesVersion="1.36"', ["calico-ebpf-eks:cluster", "kubernetesVersion"], "1.36"],
    ["tags.a=b=c", ["calico-ebpf-eks:tags", "a"], "b=c"],
  ] as const)("reads %s", (text, path, value) => {
    expect(setting(text)).toEqual({ path, value });
  });

  it.each([
    ["calico.dataplane", '--set: "calico.dataplane" is no KEY=VALUE, such as calico.dataplane=Iptables.'],
    ["=BPF", '--set: "=BPF" is no KEY=VALUE, such as calico.dataplane=Iptables.'],
    ["calico..mtu=1", '--set: "calico..mtu=1" is no KEY=VALUE, such as calico.dataplane=Iptables.'],
    ["tags=[a", '--set: the value of "tags=[a" is not YAML.'],
  ])("refuses %s", (text, message) => {
    expect(() => setting(text)).toThrow(new UserError(message));
  });
});
