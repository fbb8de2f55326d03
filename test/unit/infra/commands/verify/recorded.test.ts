import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { release as kernelRelease, tmpdir, version } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forwardedConnections } from "../../../../../infra/commands/verify/checks/replyPath.ts";
import { parseProbe, probeScript } from "../../../../../infra/commands/verify/reading/probes.ts";
import { nodeOutput, recorded, recordedFile } from "../../../../support/nodeOutput.ts";

function probed({ net, table, tcx = "" }: { net: string; table: string; tcx?: string }) {
  const found = parseProbe(nodeOutput({ net: `${net}${tcx.replace(/^(?=.)/gm, "pinned tcx ")}`, table }));
  if (found === undefined) throw new Error("not read");
  return found;
}

describe("the table of services of a real node", () => {
  it.each([
    ["v3.28.5", "192.168.40.128", "172.20.143.156"],
    ["v3.32.1", "192.168.40.128", "172.20.226.15"],
  ])("of %s has every frontend, that of its tunnel too", (release, tunnelIp, clusterIp) => {
    const { frontends, tableError } = probed({ net: "", table: recorded(`${release}-dsr-nat-dump`) });
    expect([...frontends]).toEqual(
      expect.arrayContaining([
        "172.20.0.1:443/tcp",
        `${clusterIp}:80/tcp`,
        "10.0.0.11:30080/tcp",
        "255.255.255.255:30080/tcp",
        `${tunnelIp}:30080/tcp`,
      ]),
    );
    expect(tableError).toBe("");
  });

  it("is said to be missing in the words of v3.28.5 when eBPF is off", () => {
    const { frontends, tableError } = probed({ net: "", table: recorded("v3.28.5-off-nat-dump") });
    expect(frontends.size).toBe(0);
    expect(tableError).toContain("stat /sys/fs/bpf/tc/globals/cali_v4_nat_fe3: no such file or directory");
  });
});

describe("the programs of a real node", () => {
  const interfaces = (of: Parameters<typeof probed>[0]) => [
    ...new Set(probed(of).programs.map(({ interfaceName }) => interfaceName)),
  ];

  it("are those that v3.28.5 attaches by clsact", () => {
    expect(interfaces({ net: recorded("v3.28.5-dsr-bpftool-net"), table: "" })).toEqual([
      "lo",
      "eth0",
      "bpfout.cali",
      "vxlan.calico",
      "cali58d1121ff1b",
    ]);
  });

  it("are those that v3.32.1 has pinned, where bpftool does not know TCX", () => {
    const net = recorded("v3.32.1-dsr-bpftool-net");
    expect(interfaces({ net, table: "", tcx: recorded("v3.32.1-dsr-tcx") })).toEqual([
      "bpfoutcali",
      "cali58d1121ff1b",
      "eth0",
      "lo",
      "vxlancalico",
    ]);
    expect(interfaces({ net, table: "" })).toEqual([]);
  });

  it("are none when eBPF is off", () => {
    expect(interfaces({ net: recorded("v3.28.5-off-bpftool-net"), table: "" })).toEqual([]);
  });
});

describe("a NodePort connection through a real node without a backend", () => {
  it.each([
    ["v3.28.5-tunnel-n1", "10.0.0.13", ["np-fwd"], true],
    ["v3.28.5-tunnel-n3", "10.0.0.11", ["ext-local"], true],
    ["v3.28.5-dsr-n1", "10.0.0.13", ["fwd-dsr", "np-fwd"], false],
    ["v3.28.5-dsr-n3", "10.0.0.11", ["ext-local"], true],
    ["v3.32.1-tunnel-n1", "10.0.0.13", ["np-fwd", "dscp"], true],
    ["v3.32.1-tunnel-n3", "10.0.0.11", ["ext-local", "dscp"], true],
    ["v3.32.1-dsr-n1", "10.0.0.13", ["fwd-dsr", "np-fwd", "dscp"], false],
  ])(
    "is tracked on %s with its flags, and with replies only where they pass",
    (name, tunnelIp, flags, sawReplies) => {
      const found = forwardedConnections(recorded(`${name}-conntrack`)).filter(
        (one) => one.tunnelIp !== "0.0.0.0" && one.askedIp === "10.0.0.11",
      );
      expect(found.length).toBeGreaterThan(0);
      for (const one of found) expect(one).toEqual({ askedIp: "10.0.0.11", tunnelIp, flags, sawReplies });
    },
  );
});

describe("the script that looks into a node", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "probe-script-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a program in front that prints a text, and ends with a code. */
  function program(name: string, lines: readonly string[]): void {
    writeFileSync(join(folder, name), `#!/bin/bash\n${lines.join("\n")}\n`, { mode: 0o755 });
  }

  const prints = (name: string) => `cat '${recordedFile(name)}'`;

  function looked(): ReturnType<typeof parseProbe> {
    const { stdout } = spawnSync("bash", ["-c", probeScript], {
      encoding: "utf8",
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: "9",
      },
    });
    return parseProbe(stdout);
  }

  it.each(["v3.28.5", "v3.32.1"])("drops backends of %s, and counts only rules of kube-proxy", (release) => {
    program("bpftool", [prints(`${release}-dsr-bpftool-net`)]);
    program("calico-node", [prints(`${release}-dsr-nat-dump`)]);
    program("iptables-save", [
      "echo '-A KUBE-FIREWALL -j DROP'",
      "echo '-A KUBE-SERVICES -j KUBE-SVC-NPX46M4PTM'",
    ]);

    expect(looked()).toMatchObject({
      kernel: `${kernelRelease()} ${version()}`,
      frontends: new Set(
        recorded(`${release}-dsr-nat-dump`)
          .split("\n")
          .flatMap((line) => /^([\d.]+) port (\d+) proto 6 /.exec(line)?.slice(1, 3).join(":") ?? [])
          .map((frontend) => `${frontend}/tcp`),
      ),
      kubeProxyRules: 1,
      apiServer: "127.0.0.1:9",
      apiServerError: expect.stringContaining("Connection refused"),
    });
  });

  it("sees the error that v3.28.5 prints to stderr when eBPF is off", () => {
    program("bpftool", [prints("v3.28.5-off-bpftool-net")]);
    program("calico-node", [`${prints("v3.28.5-off-nat-dump")} >&2`, "exit 1"]);
    program("iptables-save", []);

    expect(looked()).toMatchObject({
      programs: [],
      frontends: new Set(),
      tableError: expect.stringContaining("Failed to dump NAT maps"),
      kubeProxyRules: 0,
    });
  });
});
