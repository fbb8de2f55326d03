import { describe, expect, it } from "vitest";
import { changeText } from "../rehearsal/changes/changeText.ts";
import { changed } from "./changed.ts";

const onIptables = {
  "calico-ebpf-eks:calico": { dataplane: "Iptables", externalService: "Tunnel" },
  "calico-ebpf-eks:kubeProxy": "Running",
};

describe("The rehearsal of a change", () => {
  it("shows the way back to iptables in its order, with what users notice", async () => {
    const { change, problems, checks, leftBehind } = await changed({}, onIptables);

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(checks.at(-1)).toEqual({ name: "services were served on every node throughout", failures: [] });
    expect(change?.settings).toEqual([
      { path: "calico.dataplane", from: "BPF", to: "Iptables" },
      { path: "calico.externalService", from: "DSR", to: "Tunnel" },
      { path: "kubeProxy", from: "Absent", to: "Running" },
    ]);
    const steps =
      change?.steps.map(({ operation, name, seconds }) => [operation, name, seconds] as const) ?? [];
    expect(steps).toEqual([
      ["update", "FelixConfiguration felix-configuration", 1],
      ["create", "Addon kube-proxy", 20],
      ["create", "DaemonSetPatch kube-proxy", 10],
      ["update", "Installation installation", 1],
      ["update", "FelixConfigurationPatch dataplane-gate", 1],
      ["update", "InstallationPatch ready-gate", 60],
      ["update", "DeploymentPatch coredns", 20],
    ]);
    expect(change?.seconds).toBe(112);
    expect(changeText(change as never)).toEqual(
      expect.arrayContaining([
        "What `pulumi up` does: 7 steps, about 1m52s on AWS, estimated",
        "   eBPF is switched off everywhere at once, with kube-proxy already running (Installation installation)",
      ]),
    );
  });

  it("shows what goes at the end, too", async () => {
    const { change, problems } = await changed(onIptables, {});

    expect(problems).toEqual([]);
    expect(
      change?.steps
        .map(({ operation, name }) => `${operation} ${name}`)
        .slice(-2)
        .toSorted(),
    ).toEqual(["delete Addon kube-proxy", "delete DaemonSetPatch kube-proxy"]);
    expect(change?.notices.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        "calico-node is rolled, then eBPF is switched on everywhere at once",
        "kube-proxy stops on every node; Felix removes its rules",
      ]),
    );
  });

  it("refuses in the preview what no up could do, and leaves nothing behind", async () => {
    const older = { "calico-ebpf-eks:calico": { version: "3.32.4" } };
    const newer = { "calico-ebpf-eks:calico": { version: "3.33.1" } };
    const { change, problems } = await changed(newer, older);

    expect(change).toBeUndefined();
    expect(problems.join("\n")).toContain(
      "calico.version: the cluster has Calico 3.33.1, and 3.32.4 is an older minor version",
    );
  });
});
