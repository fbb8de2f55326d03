import { describe, expect, it } from "vitest";
import { type Circumstances, measurements } from "../../../../../infra/commands/measure/measurements.ts";

const base: Circumstances = { nodes: 3, hasOutside: true, services: [1, 100, 5000] };
const ids = (circumstances: Partial<Circumstances> = {}) =>
  measurements({ ...base, ...circumstances }).measured.map(({ id }) => id);

describe("what is measured", () => {
  it("is everything, with three nodes and a client outside", () => {
    expect(ids()).toEqual([
      "tcp/same-node/mtu",
      "tcp/same-node/1440",
      "tcp/other-node/mtu",
      "tcp/other-node/1440",
      "udp/same-node/mtu",
      "udp/same-node/1440",
      "udp/other-node/mtu",
      "udp/other-node/1440",
      "tcp/outside/reply",
      "requests/cluster-ip",
      "requests/node-port",
      "requests/other-node-port",
      "requests/outside-node-port",
      "requests/outside-other-node-port",
      "connections/cluster-ip",
      "connections/node-port",
      "connections/other-node-port",
      "connections/outside-node-port",
      "connections/outside-other-node-port",
      "first-packet/1",
      "first-packet/100",
      "first-packet/5000",
      "address/node-port",
      "address/other-node-port",
      "address/outside-node-port",
      "address/outside-other-node-port",
    ]);
    expect(measurements(base).leftOut).toEqual([]);
  });

  it("leaves out what needs a client outside when there is none, and says so", () => {
    const { measured, leftOut } = measurements({ ...base, hasOutside: false });

    expect(measured.filter(({ client }) => client === "outside")).toEqual([]);
    expect(leftOut.map(({ id }) => id)).toEqual([
      "tcp/outside/reply",
      "requests/outside-node-port",
      "requests/outside-other-node-port",
      "connections/outside-node-port",
      "connections/outside-other-node-port",
      "address/outside-node-port",
      "address/outside-other-node-port",
    ]);
    expect(leftOut[0]?.why).toBe("no client outside the cluster; name one with --client");
  });

  it("leaves out the NodePort of another node when client and server are on the only two", () => {
    const { leftOut } = measurements({ ...base, nodes: 2 });

    expect(leftOut).toEqual([
      expect.objectContaining({ id: "requests/other-node-port" }),
      expect.objectContaining({ id: "connections/other-node-port" }),
      expect.objectContaining({
        id: "address/other-node-port",
        why: "needs three nodes, one for the client, one for the NodePort, one for the server; there are 2",
      }),
    ]);
  });

  it("is what one node allows when there is one", () => {
    expect(ids({ nodes: 1, hasOutside: false })).toEqual([
      "tcp/same-node/mtu",
      "tcp/same-node/1440",
      "udp/same-node/mtu",
      "udp/same-node/1440",
    ]);
  });

  it("is only what was requested", () => {
    expect(ids({ only: ["first packet"], services: [1, 50] })).toEqual(["first-packet/1", "first-packet/50"]);
  });
});
