import { describe, expect, it } from "vitest";
import { advice } from "../../../../components/checks/advice.ts";
import { sharedPortAdvice } from "../../../../components/checks/nodeFirewall.ts";
import { webhookPorts } from "../../../../components/facts/ports.ts";
import { controlPlanePorts } from "../../../../components/specs/firewall.ts";
import { settingsLines, today } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

type Entries = NonNullable<NonNullable<SettingsChange["nodeFirewall"]>["fromControlPlane"]>;

const lines = (...fromControlPlane: Entries) => settingsLines({ nodeFirewall: { fromControlPlane } });
const ports = (...fromControlPlane: Entries) =>
  controlPlanePorts(settings({ nodeFirewall: { fromControlPlane } }));
const orders = { port: 9444, reason: "API server to the webhook of orders" };

describe("nodeFirewall.fromControlPlane", () => {
  it.each([
    {
      name: "an empty entry",
      entry: {},
      line: "it is empty; an entry has either for, or port and reason. Set for, or port and reason.",
    },
    {
      name: "a port without a reason",
      entry: { port: 9444 },
      line: "port 9444 has no reason; an entry has either for, or port and reason. Add a reason: what listens there.",
    },
    {
      name: "a reason without a port",
      entry: { reason: "webhook" },
      line: "there is no port; an entry has either for, or port and reason. Set for, or port and reason.",
    },
    {
      name: "both forms in one",
      entry: { for: "keda" as const, port: 9444 },
      line: "for is set with port or reason; an entry has either for, or port and reason. Remove for, or the other two.",
    },
    {
      name: "the kubelet's port",
      entry: { port: 10250, reason: "cert-manager" },
      line: "10250 is the port of the kubelet; nothing else can listen there on the host network. Give the webhook another port, and write that.",
    },
    {
      name: "the port of Felix's metrics, as it is set",
      entry: { port: 9091, reason: "webhook" },
      line: "9091 is the port of Felix's metrics; nothing else can listen there on the host network. Give the webhook another port, and write that.",
    },
    {
      name: "a port that is open",
      entry: { port: 443, reason: "webhook" },
      line: "port 443 is open already; every stack opens it for webhooks and aggregated APIs on port 443. Remove it.",
    },
  ])("refuses $name", ({ entry, line }) => {
    expect(lines(entry)).toEqual([`nodeFirewall.fromControlPlane[0]: ${line}`]);
  });

  it("refuses a port, and a name, that is listed twice", () => {
    expect(lines(orders, { for: "keda" }, { ...orders, reason: "again" }, { for: "keda" })).toEqual([
      "nodeFirewall.fromControlPlane[2]: port 9444 is listed twice; a port is opened once. Remove one.",
      "nodeFirewall.fromControlPlane[3]: keda is listed twice; a port is opened once. Remove one.",
    ]);
  });

  it("takes names and ports next to each other", () => {
    expect(lines(orders, { for: "cert-manager" }, { for: "keda" }, { port: 9092, reason: "x" })).toEqual([]);
  });
});

describe("the ports that are opened to the control plane", () => {
  it("are none by default", () => {
    expect(ports()).toEqual([]);
  });

  it("are by number, each once, with the reasons of all that share it", () => {
    expect(ports({ for: "keda" }, orders, { for: "aws-load-balancer-controller" })).toEqual([
      { port: 8443, why: "API server to the metrics and webhooks of keda" },
      {
        port: 9443,
        why: "API server to the metrics and webhooks of keda; API server to the webhook of aws-load-balancer-controller",
      },
      { port: 9444, why: "API server to the webhook of orders" },
    ]);
  });

  it("include that of metrics-server, with metrics: true", () => {
    expect(controlPlanePorts(settings({ metrics: true }))).toEqual([
      { port: 4443, why: "API server to metrics-server" },
    ]);
  });

  it("have a description that EC2 takes", () => {
    const reason = "r".repeat(255);

    expect(ports({ for: "keda" }, { port: 9443, reason })[1]?.why).toHaveLength(255);
  });
});

describe("the ports of common webhooks", () => {
  it.each(Object.entries(webhookPorts))(
    "leave the ports of the host to those that have them: %s",
    (name, row) => {
      expect(lines({ for: name as keyof typeof webhookPorts })).toEqual([]);
      for (const port of row.ports) expect(lines({ port, reason: row.why })).toEqual([]);
    },
  );
});

describe("ports that two pods on the host network have", () => {
  const lines = (change: SettingsChange, ...fromControlPlane: Entries) =>
    sharedPortAdvice(settings({ ...change, nodeFirewall: { fromControlPlane } }));
  const mine = { port: 9443, reason: "API server to the webhook of orders" };

  it.each<[string, SettingsChange, Entries, string]>([
    [
      "keda next to the controller of loadBalancers",
      { loadBalancers: true },
      [{ for: "keda" }],
      "nodeFirewall.fromControlPlane[0]: keda and aws-load-balancer-controller use TCP 9443 on the host network, so their pods cannot run on the same node. Give one of them another port, listed here with a reason, or make sure that there are nodes for both.",
    ],
    [
      "keda next to a controller of its user's",
      {},
      [{ for: "aws-load-balancer-controller" }, { for: "keda" }],
      "nodeFirewall.fromControlPlane[1]: keda and aws-load-balancer-controller use TCP 9443 on the host network, so their pods cannot run on the same node. Give one of them another port, listed here with a reason, or make sure that there are nodes for both.",
    ],
    [
      "any other webhook",
      { loadBalancers: true },
      [mine],
      "nodeFirewall.fromControlPlane[0]: API server to the webhook of orders and aws-load-balancer-controller use TCP 9443 on the host network, so their pods cannot run on the same node. Give one of them another port, listed here with a reason, or make sure that there are nodes for both.",
    ],
    [
      "keda next to karpenter",
      {},
      [{ for: "karpenter" }, { for: "keda" }],
      "nodeFirewall.fromControlPlane[1]: keda and karpenter use TCP 8443 on the host network, so their pods cannot run on the same node. Give one of them another port, listed here with a reason, or make sure that there are nodes for both.",
    ],
  ])("are named before anything is registered: %s", (_, change, entries, line) => {
    expect(lines(change, ...entries)).toEqual([line]);
    expect(advice(settings({ ...change, nodeFirewall: { fromControlPlane: entries } }), today)).toContain(
      line,
    );
  });

  it.each<[string, SettingsChange, Entries]>([
    ["keda alone", {}, [{ for: "keda" }]],
    [
      "keda with another port",
      { loadBalancers: true },
      [
        { port: 8443, reason: "API server to the metrics of keda" },
        { port: 9444, reason: "API server to the webhooks of keda" },
      ],
    ],
    [
      "the same controller, by name and by setting",
      { loadBalancers: true },
      [{ for: "aws-load-balancer-controller" }],
    ],
    ["metrics-server, by name and by setting", { metrics: true }, [{ for: "metrics-server" }]],
    [
      "pods of the VPC CNI, which need no host network",
      { loadBalancers: true, calico: { cni: "AmazonVPC", externalService: "Tunnel" } },
      [{ for: "keda" }],
    ],
  ])("are not named for %s", (_, change, entries) => {
    expect(lines(change, ...entries)).toEqual([]);
  });
});
