import { describe, expect, it } from "vitest";
import { modeOf, settingsIn } from "../../../../../infra/commands/measure/modes.ts";

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
