import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forwardedConnections } from "../../../../../infra/commands/verify/checks/replyPath.ts";
import { parseProbe } from "../../../../../infra/commands/verify/reading/probes.ts";

/** What real calico-nodes of two releases have printed, on three nodes and a kernel 6.18. */
const recorded = (name: string) => readFileSync(join(import.meta.dirname, "recorded", `${name}.txt`), "utf8");

function probed({ net, table, tcx = "" }: { net: string; table: string; tcx?: string }) {
  const pins = tcx.replace(/^(?=.)/gm, "pinned tcx ");
  const found = parseProbe(
    [
      "6.18.44\n#1 SMP\nbpf /sys/fs/bpf bpf rw 0 0\n",
      `${net}${pins}`,
      // As the script drops them: lines of backends begin with a tab.
      table.replace(/^\t.*\n/gm, ""),
      "0\n",
      "10.0.0.1:6443\nexit code 0\n",
    ].join("=====\n"),
  );
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
