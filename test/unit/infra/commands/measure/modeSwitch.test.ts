import { describe, expect, it } from "vitest";
import { type ModeSettings, ModeSwitch } from "../../../../../infra/commands/measure/modes.ts";

const home = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Parked" } as const;

function switched(failing: readonly number[] = []) {
  const ups: (ModeSettings | undefined)[] = [];
  const modes = new ModeSwitch(home, async (settings) => {
    ups.push(settings);
    if (failing.includes(ups.length)) throw new Error(`up ${ups.length} failed`);
  });
  return { ups, modes };
}

describe("a stack that is switched", () => {
  it("runs up with the other mode's settings, and with its own file to come back", async () => {
    const { ups, modes } = switched();
    await modes.switchTo("tunnel");
    expect(modes.isAway).toBe(true);
    await modes.switchTo("dsr");

    expect(ups).toEqual([{ ...home, externalService: "Tunnel" }, undefined]);
    expect(modes.isAway).toBe(false);
  });

  it("runs nothing for the mode that it is in", async () => {
    const { ups, modes } = switched();
    await modes.switchTo("dsr");
    await modes.switchTo("tunnel");
    await modes.switchTo("tunnel");
    await modes.switchTo("dsr");
    await modes.switchTo("dsr");

    expect(ups).toHaveLength(2);
  });

  it("is put back after a switch that failed, from whatever it has become", async () => {
    const { ups, modes } = switched([1]);
    await expect(modes.switchTo("iptables")).rejects.toThrow("up 1 failed");
    await modes.switchTo("dsr");

    expect(ups).toEqual([
      { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" },
      undefined,
    ]);
  });

  it("is put back after a failure on the way home", async () => {
    const { ups, modes } = switched([2]);
    await modes.switchTo("tunnel");
    await expect(modes.switchTo("dsr")).rejects.toThrow("up 2 failed");
    expect(modes.isAway).toBe(true);
    await modes.switchTo("dsr");

    expect(ups).toHaveLength(3);
    expect(modes.isAway).toBe(false);
  });

  it("stays away when putting it back fails, and says so", async () => {
    const { modes } = switched([2]);
    await modes.switchTo("tunnel");

    await expect(modes.switchTo("dsr")).rejects.toThrow("up 2 failed");
    expect(modes.isAway).toBe(true);
  });
});
