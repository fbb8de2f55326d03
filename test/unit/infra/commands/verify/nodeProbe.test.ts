import { expect, it } from "vitest";
import { parseProbe } from "../../../../../infra/commands/verify/reading/probes.ts";

const healthy = {
  system: [
    "6.12.94-123.amzn2023.x86_64",
    "#1 SMP PREEMPT_DYNAMIC Fri Oct 30 04:16:27 UTC 2026",
    "overlay / overlay rw,relatime 0 0",
    "bpf /sys/fs/bpf bpf rw,nosuid,nodev,noexec,relatime,mode=700 0 0",
  ],
  net: [
    "xdp:",
    "",
    "tc:",
    "ens5(2) tcx/ingress cali_tc_preambl prog_id 41",
    "cali1a2b(9) clsact/egress cali_tc_preambl id 44",
  ],
  table: [
    "172.20.0.1 port 443 proto 6 id 0 count 1 local 0",
    "172.20.0.10 port 53 proto 17 id 1 count 2 local 1 flags internal-local",
  ],
  rules: ["0"],
  endpoint: ["api.example.com:443", "exit code 0"],
};

const text = (changes: Partial<typeof healthy> = {}) =>
  `${Object.values({ ...healthy, ...changes })
    .map((lines) => lines.join("\n"))
    .join("\n=====\n")}\n`;

it("reads what a healthy node prints", () => {
  expect(parseProbe(text())).toEqual({
    kernel: "6.12.94-123.amzn2023.x86_64 #1 SMP PREEMPT_DYNAMIC Fri Oct 30 04:16:27 UTC 2026",
    hasBpfFileSystem: true,
    programs: [
      { interfaceName: "ens5", name: "cali_tc_preambl" },
      { interfaceName: "cali1a2b", name: "cali_tc_preambl" },
    ],
    frontends: new Set(["172.20.0.1:443/tcp", "172.20.0.10:53/udp"]),
    tableError: "",
    kubeProxyRules: 0,
    apiServer: "api.example.com:443",
    apiServerError: "",
  });
});

it.each([
  [
    "a file system elsewhere",
    { system: ["5.10.1", "#1", "bpf /run/bpf bpf rw 0 0"] },
    { hasBpfFileSystem: false },
  ],
  ["programs of others", { net: ["tc:", "ens5(2) tcx/ingress cil_from_netdev prog_id 7"] }, { programs: [] }],
  [
    "a table that is not there",
    { table: ["[ERROR][1] calico-bpf/nat.go: Failed to dump NAT maps"] },
    { frontends: new Set(), tableError: "[ERROR][1] calico-bpf/nat.go: Failed to dump NAT maps" },
  ],
  ["rules of kube-proxy", { rules: ["12"] }, { kubeProxyRules: 12 }],
  [
    "an API server that stays silent",
    { endpoint: ["a:443", "exit code 124"] },
    { apiServerError: "no connection within 5 s" },
  ],
  [
    "one that refuses",
    { endpoint: ["a:443", "bash: connect: Connection refused", "exit code 1"] },
    { apiServerError: "bash: connect: Connection refused" },
  ],
])("tells %s", (_, changes, seen) => {
  expect(parseProbe(text(changes))).toMatchObject(seen);
});

it("reads nothing of what was cut off, which could pass for healthy", () => {
  expect(parseProbe("")).toBeUndefined();
  expect(parseProbe(text().split("=====").slice(0, 4).join("====="))).toBeUndefined();
});

it("calls a connection that was not tried no success", () => {
  expect(parseProbe(text({ endpoint: ["a:443"] }))?.apiServerError).not.toBe("");
});
