import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostPorts } from "../../../../components/facts/ports.ts";
import { settingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

const fixed = Object.keys(hostPorts).map(Number);

/** The settings that decide a port of the nodes, by path. */
const own: Readonly<Record<string, (port: number) => SettingsChange>> = {
  "calico.metricsPort": (port) => ({ calico: { metricsPort: port } }),
  "calico.felix.debugPort": (port) => ({ calico: { felix: { debugPort: port } } }),
  "observability.typhaMetricsPort": (port) => ({ observability: { typhaMetricsPort: port } }),
};

const paths = Object.keys(own);

const free = fc
  .integer({ min: 1024, max: 65_535 })
  .filter((port) => port !== 9091 && !fixed.includes(port) && (port < 30_000 || port > 32_767));

describe("a port of the nodes", () => {
  it.each(paths)("%s is refused when something else has it", (path) => {
    for (const port of fixed) {
      const [line, ...others] = settingsLines(own[path]?.(port) ?? {});
      expect(line).toMatch(
        new RegExp(`^${path}: port ${port} is taken by .*; they share the node's network\\. `),
      );
      expect(others).toEqual([]);
    }
  });

  it.each(paths)("%s is refused in the range of NodePorts", (path) => {
    fc.assert(
      fc.property(fc.integer({ min: 30_000, max: 32_767 }), (port) => {
        expect(settingsLines(own[path]?.(port) ?? {})).toEqual([
          `${path}: port ${port} is in the NodePort range; Kubernetes gives them 30000 to 32767, and may give one this port. Set another port, or ${path.includes("felix") ? "remove it" : "null"}.`,
        ]);
      }),
    );
  });

  it.each(paths)("%s passes everywhere else", (path) => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(29_999, 32_768, 4789), free), (port) => {
        expect(settingsLines(own[path]?.(port) ?? {})).toEqual([]);
      }),
    );
  });

  it("is refused when another setting has the same one", () => {
    fc.assert(
      fc.property(free, (port) => {
        const change = {
          calico: { metricsPort: port, felix: { debugPort: port } },
          observability: { typhaMetricsPort: port },
        };
        expect(settingsLines(change).map((line) => line.split(";")[0])).toEqual([
          `calico.felix.debugPort: port ${port} is taken by Felix's metrics (calico.metricsPort)`,
          `observability.typhaMetricsPort: port ${port} is taken by Felix's metrics (calico.metricsPort)`,
          `observability.typhaMetricsPort: port ${port} is taken by Felix's profiler (calico.felix.debugPort)`,
        ]);
      }),
    );
  });

  it("is the default of Typha's metrics, once they are on", () => {
    const change: SettingsChange = {
      calico: { metricsPort: 9093 },
      observability: { prometheus: "Operator" },
    };
    expect(settingsLines(change)).toEqual([
      "observability.typhaMetricsPort: port 9093 is taken by Felix's metrics (calico.metricsPort); they share the node's network. Set another port, or null.",
    ]);
    expect(settingsLines({ calico: { metricsPort: null } })).toEqual([]);
  });
});
