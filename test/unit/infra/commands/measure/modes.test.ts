import { describe, expect, it } from "vitest";
import {
  disturbances,
  modeOf,
  settingsIn,
  switchSeconds,
} from "../../../../../infra/commands/measure/schedule.ts";

const home = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" } as const;

describe("a stack in a mode", () => {
  it("is in the mode that its settings say", () => {
    expect(modeOf(home)).toBe("dsr");
    expect(modeOf({ ...home, externalService: "Tunnel" })).toBe("tunnel");
    expect(modeOf({ dataplane: "Iptables", externalService: "Tunnel" })).toBe("iptables");
  });

  it("has the settings of that mode", () => {
    expect(settingsIn("tunnel", home)).toEqual({ ...home, externalService: "Tunnel" });
    expect(settingsIn("dsr", { ...home, kubeProxy: "Parked" })).toEqual({ ...home, kubeProxy: "Parked" });
  });

  it("has kube-proxy on every node without eBPF", () => {
    expect(settingsIn("iptables", home)).toEqual({
      dataplane: "Iptables",
      externalService: "Tunnel",
      kubeProxy: "Running",
    });
  });

  it("parks the kube-proxy that it needed only without eBPF", () => {
    const without = { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" } as const;

    expect(settingsIn("dsr", without).kubeProxy).toBe("Parked");
    expect(settingsIn("dsr", { ...home, kubeProxy: "Running" }).kubeProxy).toBe("Running");
  });
});

describe("a switch", () => {
  it("says what it disturbs", () => {
    expect(disturbances("tunnel", "dsr")).toEqual([
      "Replies to external clients take another path; open connections go on (20 of 20 each way); the Calico documentation says that those through NodePorts may break",
    ]);
    expect(disturbances("dsr", "iptables")).toHaveLength(3);
    expect(disturbances("iptables", "dsr")[0]).toMatch(/^calico-node is rolled/);
    expect(disturbances("dsr", "dsr")).toEqual([]);
  });

  it("takes longer with every node when calico-node is rolled", () => {
    expect(switchSeconds("tunnel", "dsr", 100)).toBe(65);
    expect(switchSeconds("tunnel", "iptables", 10)).toBe(480);
    expect(switchSeconds("dsr", "dsr", 10)).toBe(0);
  });
});
