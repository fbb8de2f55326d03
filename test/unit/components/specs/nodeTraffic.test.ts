import { expect, it } from "vitest";
import { nodeTraffic } from "../../../../components/specs/firewall.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const base = {
  cni: "Calico",
  encapsulation: "VXLAN",
  podCidr: "192.168.0.0/16",
  metricsPort: 9091,
  apiServer: true,
  typhaMetricsPort: null,
  controlPlanePorts: [],
  nodePortClients: ["10.99.0.0/16"],
};

it.each<[SettingsChange, object]>([
  [{}, {}],
  [{ observability: { prometheus: "Operator" } }, { typhaMetricsPort: 9093 }],
  [{ nodePorts: { clients: [] } }, { nodePortClients: [] }],
  [{ nodePorts: { clients: ["198.51.100.0/24"] } }, { nodePortClients: ["198.51.100.0/24"] }],
  [
    { calico: { encapsulation: "None", podCidr: "10.244.0.0/16" } },
    { encapsulation: "None", podCidr: "10.244.0.0/16" },
  ],
  [{ calico: { metricsPort: null, apiServer: false } }, { metricsPort: null, apiServer: false }],
])(
  "turns %j into %j, with the VPC as the clients of NodePorts unless others are named",
  (changes, differs) => {
    expect(nodeTraffic(settings(changes), ["10.99.0.0/16"])).toEqual({ ...base, ...differs });
  },
);

it("takes every range of the VPC as the clients of NodePorts", () => {
  const ranges = ["10.99.0.0/16", "100.64.0.0/18"];

  expect(nodeTraffic(settings(), ranges).nodePortClients).toEqual(ranges);
});
