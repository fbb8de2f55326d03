import { beforeAll, describe, expect, it } from "vitest";
import { alertRules } from "../../../components/specs/monitoring.ts";
import { settings } from "../../support/settings.ts";
import { promtool } from "../../toolchain/checkingTools.ts";
import { bpfCases, iptablesCases } from "./cases.ts";
import { checkCase, checkForm } from "./promtool.ts";

const buildMilliseconds = 900_000;

const onBpf = alertRules(settings({ observability: { prometheus: "Operator" } }));
const onIptables = alertRules(
  settings({
    calico: { dataplane: "Iptables", externalService: "Tunnel" },
    kubeProxy: "Running",
    observability: { prometheus: "Operator" },
  }),
);
let file = "";

beforeAll(async () => {
  file = await promtool((line) => void process.stdout.write(`${line}\n`));
}, buildMilliseconds);

describe("promtool", () => {
  it("finds nothing to say about the form of the rules", async () => {
    expect(await checkForm(file, onBpf)).toBe("");
    expect(await checkForm(file, onIptables)).toBe("");
  });

  it("tells an expression that cannot be read", async () => {
    const [rule] = onBpf;
    if (rule === undefined) throw new Error("no rules");

    expect(await checkForm(file, [{ ...rule, expr: "up ==" }])).toMatch(/could not parse expression/);
  });

  it("tells an expression that fires for another reason", async () => {
    const [whole] = bpfCases.filter(({ alert }) => alert === "CalicoEbpfOff");
    if (whole === undefined) throw new Error("no case");
    const wrong = onBpf.map((rule) => ({ ...rule, expr: rule.expr.replace("== 0", "> 0") }));

    expect(await checkCase(file, wrong, whole)).toMatch(/FAILED/);
  });

  it.each(bpfCases)("on eBPF: $title", async (one) => {
    expect(await checkCase(file, onBpf, one)).toBe("");
  });

  it.each(iptablesCases)("on iptables: $title", async (one) => {
    expect(await checkCase(file, onIptables, one)).toBe("");
  });

  it("every alert has a case in which it fires, and one in which it does not", () => {
    const named = (fires: boolean) =>
      [...new Set([...bpfCases, ...iptablesCases].filter((one) => one.fires.length > 0 === fires))].map(
        ({ alert }) => alert,
      );
    const all = [...new Set([...onBpf, ...onIptables].map(({ alert }) => alert))].toSorted();

    expect([...new Set(named(true))].toSorted()).toEqual(all);
    expect([...new Set(named(false))].toSorted()).toEqual(all);
  });
});
