import { expect, it } from "vitest";
import { forwardedConnections } from "../../../../../infra/commands/verify/checks/replyPath.ts";
import { conntrackDump } from "../../../../simulator/realKubernetes/dataPath/conntrack.ts";
import { sendWhole } from "../../../../simulator/realKubernetes/dataPath/largestPacket.ts";
import { natDump, natTable } from "../../../../simulator/realKubernetes/dataPath/natTable.ts";
import { pathNode, threeNodes, web } from "./threeNodes.ts";

it("prints a service's frontends with their backends, those of the node first", () => {
  const services = [{ ...web, backends: [{ ip: "192.168.1.1", port: 8080 }, ...web.backends] }];
  const network = threeNodes({ services });

  expect(natDump(natTable(network, pathNode(2)))).toBe(
    [
      "172.20.0.80 port 80 proto 6 id 0 count 2 local 1",
      "\t0:0\t 192.168.2.2:8080",
      "\t0:1\t 192.168.1.1:8080",
      "10.40.0.2 port 30080 proto 6 id 0 count 2 local 1",
      "\t0:0\t 192.168.2.2:8080",
      "\t0:1\t 192.168.1.1:8080",
      "255.255.255.255 port 30080 proto 6 id 0 count 2 local 1",
      "\t0:0\t 192.168.2.2:8080",
      "\t0:1\t 192.168.1.1:8080",
      "",
    ].join("\n"),
  );
});

it("prints a forwarded connection with the smaller address first", () => {
  const dump = conntrackDump([
    {
      protocol: "tcp",
      client: { ip: "198.51.100.7", port: 40001 },
      asked: { ip: "10.40.0.1", port: 30080 },
      backend: { ip: "192.168.2.2", port: 8080 },
      tunnelIp: "10.40.0.2",
      flags: ["fwd-dsr", "np-fwd"],
      sawReplies: false,
    },
  ]);
  const [forward, reverse] = dump.split("\n");

  expect(forward).toMatch(
    /^ConntrackKey\{proto=6 10\.40\.0\.1:30080 <-> 198\.51\.100\.7:40001\} -> Entry\{Type:1, .*Flags: 0x100 B-A REVKey: ConntrackKey/,
  );
  expect(reverse).toMatch(
    /^ConntrackKey\{proto=6 192\.168\.2\.2:8080 <-> 198\.51\.100\.7:40001\} -> Entry\{Type:2, .*Flags: 0x106 fwd-dsr np-fwd B-A Data: \{A2B:.* OrigDst:10\.40\.0\.1 OrigSrc:0\.0\.0\.0 OrigPort:30080 OrigSPort:0 TunIP:10\.40\.0\.2\}\} Active ago 1\.2s SYN-SENT$/,
  );
  expect(forwardedConnections(dump)).toEqual([
    { askedIp: "10.40.0.1", tunnelIp: "10.40.0.2", flags: ["fwd-dsr", "np-fwd"], sawReplies: false },
  ]);
});

it.each([
  [8951, "VXLAN", "arrives"],
  [8952, "VXLAN", "is too long for the interface"],
  [9001, "None", "arrives"],
] as const)("lets %i bytes through %s: %s", (bytes, encapsulation, result) => {
  const from = { ip: "192.168.1.1", node: "node-1" };
  const to = { ip: "192.168.2.2", node: "node-2" };

  expect(sendWhole(threeNodes({ encapsulation }), from, to, bytes)).toBe(result);
});

it("loses what an interface allows and the tunnel does not, and not on one node", () => {
  const nodes = [1, 2].map((one) => pathNode(one as 1 | 2, { faults: { podMtu: 9001 } }));
  const network = threeNodes({ nodes });
  const from = { ip: "192.168.1.1", node: "node-1" };

  expect(sendWhole(network, from, { ip: "192.168.2.2", node: "node-2" }, 9001)).toBe("is lost");
  expect(sendWhole(network, from, { ip: "192.168.1.9", node: "node-1" }, 9001)).toBe("arrives");
});
