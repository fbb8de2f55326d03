import { describe, expect, it } from "vitest";
import { UserError } from "../../../../infra/commands/shared/errors.ts";
import { changedStackFile, setting } from "../../../../infra/commands/shared/stackSettings.ts";

const before = {
  name: "dev",
  file: "stacks/Pulumi.dev.yaml",
  config: { "aws:region": "eu-west-1", "calico-ebpf-eks:calico": { mtu: 1440 } },
};

describe("a changed stack file", () => {
  it("has what is set, in addition to what was there", () => {
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
    ["cluster.kubernetesVersion=1.30", ["calico-ebpf-eks:cluster", "kubernetesVersion"], "1.30"],
    ["account.id=012345678901", ["calico-ebpf-eks:account", "id"], "012345678901"],
    ["tags.a=true", ["calico-ebpf-eks:tags", "a"], "true"],
    ["tags={ a: 010, b: 1_0 }", ["calico-ebpf-eks:tags"], { a: "010", b: "1_0" }],
    [
      "nodePools.a.instanceTypes=[1.30, x]",
      ["calico-ebpf-eks:nodePools", "a", "instanceTypes"],
      ["1.30", "x"],
    ],
    [
      "nodePools.1.labels.zone=2026-01-02",
      ["calico-ebpf-eks:nodePools", "1", "labels", "zone"],
      "2026-01-02",
    ],
    ["aws:profile=010", ["aws:profile"], "010"],
    ["calico.mtu=1_440", ["calico-ebpf-eks:calico", "mtu"], 1440],
    ["calico.mtu=auto", ["calico-ebpf-eks:calico", "mtu"], "auto"],
    ["calico.apiServer=true", ["calico-ebpf-eks:calico", "apiServer"], true],
    ["calico.metricsPort=null", ["calico-ebpf-eks:calico", "metricsPort"], null],
    ["calico.felix.bpfLogLevel=010", ["calico-ebpf-eks:calico", "felix", "bpfLogLevel"], 8],
  ] as const)("reads %s", (text, path, value) => {
    expect(setting(text)).toEqual({ path, value });
  });

  it.each([
    ["calico.dataplane", '--set: "calico.dataplane" must be KEY=VALUE, such as calico.dataplane=Iptables.'],
    ["=BPF", '--set: "=BPF" must be KEY=VALUE, such as calico.dataplane=Iptables.'],
    ["calico..mtu=1", '--set: "calico..mtu=1" must be KEY=VALUE, such as calico.dataplane=Iptables.'],
    [
      "calico.mtu=2026-01-02T03:04:05Z",
      '--set: the value of "calico.mtu=2026-01-02T03:04:05Z" cannot be read: line 1, column 1: 2026-01-02T03:04:05Z is a time, which Pulumi would rewrite. Quote it if it is a string.',
    ],
    ["tags=[a", '--set: the value of "tags=[a" is not YAML.'],
  ])("refuses %s", (text, message) => {
    expect(() => setting(text)).toThrow(new UserError(message));
  });
});
