import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choicesOf, type FelixSchema, felixProblems } from "../../../../components/checks/felix.ts";
import { felixFields } from "../../../../components/facts/felixFields.ts";
import table from "../../../../components/facts/felixSchema.json" with { type: "json" };
import { problemLine } from "../../../../components/values/problem.ts";
import { settings } from "../../../support/settings.ts";

const schemas: Readonly<Record<string, FelixSchema>> = table.fields;
const free = Object.keys(schemas).filter((name) => !Object.hasOwn(felixFields, name));

function lines(felix: Record<string, unknown>): string[] {
  return felixProblems(settings({ calico: { felix } })).map(problemLine);
}

/** A string for each pattern that is not an enum. */
const patternSamples = ["90s", "ChecksumOffload=true", "10/second", "calico"];

function sound(schema: FelixSchema): unknown {
  if (schema.anyOf !== undefined) return sound(schema.anyOf[0] ?? {});
  const [choice] = choicesOf(schema) ?? [];
  if (choice !== undefined) return choice;
  switch (schema.type) {
    case "boolean":
      return true;
    case "integer":
      return schema.minimum ?? 1;
    case "array":
      return [sound(schema.items ?? {})];
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sound(inner)]),
      );
    default:
      return patternSamples.find((text) => new RegExp(schema.pattern ?? "").test(text));
  }
}

describe("a field of FelixConfiguration", () => {
  it.each(free)("%s passes with a value of the CRD's, and is refused with another type", (name) => {
    const schema = schemas[name] ?? {};
    expect(lines({ [name]: sound(schema) })).toEqual([]);
    expect(lines({ [name]: schema.type === "object" ? ["x"] : { x: "y" } })).toHaveLength(1);
    expect(lines({ [name]: null })).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    [
      "bpfLogLevel",
      "Verbose",
      "calico.felix.bpfLogLevel: Verbose; must be Off, Info or Debug. Write one of them.",
    ],
    ["bpfLogLevel", "debgu", "calico.felix.bpfLogLevel: debgu; must be Off, Info or Debug. Write Debug."],
    [
      "bpfLogLevel",
      false,
      'calico.felix.bpfLogLevel: false is a boolean; must be Off, Info or Debug. Write "Off", in quotes.',
    ],
    [
      "bpfConnectTimeLoadBalancing",
      "tcp",
      "calico.felix.bpfConnectTimeLoadBalancing: tcp; must be TCP, Enabled or Disabled. Write TCP.",
    ],
    [
      "bpfJITHardening",
      "Loose",
      "calico.felix.bpfJITHardening: Loose; must be Auto or Strict. Write one of them.",
    ],
    [
      "reportingInterval",
      "90",
      "calico.felix.reportingInterval: 90; must be a duration such as 90s, 10m or 1h. Change it.",
    ],
    [
      "reportingInterval",
      90,
      "calico.felix.reportingInterval: 90 is a number; must be a duration such as 90s, 10m or 1h. Put it in quotes.",
    ],
    [
      "healthEnabled",
      "true",
      'calico.felix.healthEnabled: "true" is a string; must be true or false. Remove the quotes.',
    ],
    ["goMaxProcs", 1.5, "calico.felix.goMaxProcs: 1.5 is a number; must be an integer. Change it."],
    [
      "bpfMapSizeConntrackCleanupQueue",
      0,
      "calico.felix.bpfMapSizeConntrackCleanupQueue: 0; must be an integer, at least 1. Change it.",
    ],
    [
      "logActionRateLimitBurst",
      10_000,
      "calico.felix.logActionRateLimitBurst: 10000; must be an integer from 0 to 9999. Change it.",
    ],
    [
      "externalNodesList",
      "10.0.0.0/8",
      'calico.felix.externalNodesList: "10.0.0.0/8" is a string; must be a list. Write it as a list: [10.0.0.0/8].',
    ],
    [
      "externalNodesList",
      [8],
      "calico.felix.externalNodesList[0]: 8 is a number; must be a string. Put it in quotes.",
    ],
    [
      "failsafeInboundHostPorts",
      [{ protocol: "tcp", prot: 22 }],
      "calico.felix.failsafeInboundHostPorts[0].port: not set; must be an integer. Set it.\ncalico.felix.failsafeInboundHostPorts[0].prot: unknown field; calico.felix.failsafeInboundHostPorts[0] has net, port and protocol. Write port, or remove it.",
    ],
    [
      "bpfConntrackTimeouts",
      { tcpSynSent: "20 s" },
      "calico.felix.bpfConntrackTimeouts.tcpSynSent: 20 s; must be a duration such as 90s, 10m or 1h, or Auto. Change it.",
    ],
    [
      "logPrefix",
      "a;b",
      "calico.felix.logPrefix: a;b; must be a string that matches ^([a-zA-Z0-9%: /_-])*$. Change it.",
    ],
    [
      "logSeverityScren",
      "Info",
      "calico.felix.logSeverityScren: unknown field; FelixConfiguration has 181, listed in components/facts/felixSchema.json. Write logSeverityScreen, or remove it.",
    ],
    [
      "ipTables",
      true,
      "calico.felix.ipTables: unknown field; FelixConfiguration has 181, listed in components/facts/felixSchema.json. Correct its name, or remove it.",
    ],
  ])("%s: %j is refused", (name, value, expected) => {
    expect(lines({ [name]: value }).join("\n")).toBe(expected);
  });

  it.each([
    ["bpfLogLevel", "debug"],
    ["bpfLogLevel", ""],
    ["reportingInterval", "1m30s"],
    ["bpfConntrackTimeouts", { tcpSynSent: "Auto", udpTimeout: "1.5s" }],
    ["kubeNodePortRanges", [30_000, "31000:32000"]],
    ["natPortRange", "32768:65535"],
    ["bpfLogFilters", { all: "host 10.0.0.1" }],
  ])("%s: %j passes", (name, value) => {
    expect(lines({ [name]: value })).toEqual([]);
  });
});

describe("an owned field", () => {
  it("is refused in any spelling and case, whatever its value", () => {
    const spellings = [
      (name: string) => name,
      (name: string) => name.toLowerCase(),
      (name: string) => name.toUpperCase(),
      (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      (name: string) => `FELIX_${name.toUpperCase()}`,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(felixFields)),
        fc.constantFrom(...spellings),
        fc.jsonValue(),
        (name, spelling, value) => {
          expect(lines({ [spelling(name)]: value }).join()).toMatch(/: (the operator|this program) owns /);
        },
      ),
    );
  });

  it("is not proposed for a name with a slip in it", () => {
    expect(lines({ bpfEnabeld: true, BpfEnabled: true })).toEqual([
      "calico.felix.bpfEnabeld: the operator owns bpfEnabled, which this resembles; it stops the operator, silently, when another client has set it. Set calico.dataplane: BPF or Iptables.",
      "calico.felix.BpfEnabled: the operator owns bpfEnabled, which this resembles; it stops the operator, silently, when another client has set it. Set calico.dataplane: BPF or Iptables.",
    ]);
  });

  it("is one that the CRD has, by its exact name", () => {
    expect(Object.keys(felixFields).filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
  });
});

it("a free field in another case is proposed as the CRD writes it", () => {
  fc.assert(
    fc.property(fc.constantFrom(...free), (name) => {
      const other = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      expect(lines({ [other]: true }).join()).toContain(`Write ${name}, or remove it.`);
    }),
  );
});
