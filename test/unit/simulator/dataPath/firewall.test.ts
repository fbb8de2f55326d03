import { expect, it } from "vitest";
import { firewall, type PortState } from "../../../simulator/dataPath/firewall.ts";

const node: PortState = {
  device: "port1",
  number: 1,
  mac: "02:ec:0a:28:00:0b",
  gateway: "10.40.0.1",
  ip: "10.40.0.11",
  sourceDestCheck: false,
  rules: {
    ingress: [{ protocol: "udp", ports: [4789, 4789], peers: ["10.40.0.12/32", "10.40.0.12/32"] }],
    egress: [{ protocol: "-1", peers: ["0.0.0.0/0", "10.0.0.0/8"] }],
  },
};

const lines = (port: PortState) => firewall([port]).split("\n");

it("lets in what a rule names, once for each peer, and counts what it drops", () => {
  expect(lines(node).join("\n")).toContain(
    [
      "chain ingress_port1 {",
      "ip saddr { 10.40.0.12/32 } meta l4proto udp udp dport 4789-4789 return",
      "counter name rules_port1 drop",
      "}",
    ].join("\n"),
  );
});

it("takes a rule for everywhere as one, not with the blocks in it", () => {
  expect(lines(node)).toContain("ip daddr { 0.0.0.0/0 }  return");
});

it("counts the blocks that an interface has been given among its addresses", () => {
  const checked = { ...node, sourceDestCheck: true };
  expect(lines({ ...checked, prefixes: ["10.40.0.16/28"] })).toEqual(
    expect.arrayContaining([
      'iifname "port1" ip saddr != { 10.40.0.11, 10.40.0.16/28 } counter name check_port1 drop',
      'oifname "port1" ip daddr != { 10.40.0.11, 10.40.0.16/28 } counter name check_port1 drop',
    ]),
  );
  expect(lines(checked)).toContain('iifname "port1" ip saddr != 10.40.0.11 counter name check_port1 drop');
});

it("drops everything at a port whose groups have no rule, and nothing at one without groups", () => {
  const closed = lines({ ...node, rules: { ingress: [], egress: [] } }).join("\n");
  expect(closed).toContain("chain ingress_port1 {\ncounter name rules_port1 drop\n}");
  const { rules: _, ...outside } = node;
  expect(lines(outside)).toContain("chain ingress_port1 { }");
});

it("names no port of a protocol that has none, nor when all are meant", () => {
  const rules = {
    ingress: [
      { protocol: "icmp", peers: ["10.40.0.0/16"] },
      { protocol: "tcp", peers: ["10.41.0.0/16"] },
    ],
    egress: [],
  } as const;
  expect(lines({ ...node, rules })).toEqual(
    expect.arrayContaining([
      "ip saddr { 10.40.0.0/16 } meta l4proto icmp return",
      "ip saddr { 10.41.0.0/16 } meta l4proto tcp return",
    ]),
  );
});

it("has no rule for a group without members", () => {
  const rules = { ingress: [{ protocol: "tcp", ports: [80, 80], peers: [] }], egress: [] } as const;
  expect(lines({ ...node, rules }).filter((line) => line.includes("saddr"))).toEqual([]);
});

it("checks source and destination before it looks at connections, and only where the check is on", () => {
  const checked = lines({ ...node, sourceDestCheck: true });
  const [source, destination, state] = [
    'iifname "port1" ip saddr != 10.40.0.11 counter name check_port1 drop',
    'oifname "port1" ip daddr != 10.40.0.11 counter name check_port1 drop',
    "ct state established,related accept",
  ].map((line) => checked.indexOf(line));
  expect(source).toBeGreaterThan(0);
  expect(destination).toBe((source ?? 0) + 1);
  expect(state).toBe((destination ?? 0) + 1);
  expect(lines(node).join("\n")).not.toContain("check_port1 drop");
});

it("checks what the control plane and other ends in the VPC itself get and send as well", () => {
  const chainOf = (hook: string) => {
    const checked = lines({ ...node, sourceDestCheck: true });
    return checked.slice(checked.indexOf(`chain ${hook} {`)).slice(2, 4);
  };
  const state = "ct state established,related accept";
  expect(chainOf("input")).toEqual([
    'iifname "port1" ip saddr != 10.40.0.11 counter name check_port1 drop',
    state,
  ]);
  expect(chainOf("output")).toEqual([
    'oifname "port1" ip daddr != 10.40.0.11 counter name check_port1 drop',
    state,
  ]);
});

it("sends what is for the interface of a machine to that machine", () => {
  const other = { ...node, device: "port2", number: 2, mac: "02:ec:0a:28:00:0c" };
  expect(firewall([node, other]).split("\n")).toContain(
    "meta mark set ether daddr map { 02:ec:0a:28:00:0b : 1, 02:ec:0a:28:00:0c : 2 }",
  );
});
