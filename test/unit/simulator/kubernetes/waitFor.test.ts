import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { fulfilment } from "../../../simulator/kubernetes/waitFor.ts";

function withCondition(condition: object): KubernetesObject {
  return {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default", generation: 3 },
    status: { conditions: [condition] },
  };
}

const ready = { type: "Ready", status: "True", observedGeneration: 3 };

describe("waiting for a condition", () => {
  it("ends when its status is True", () => {
    expect(fulfilment("condition=Ready", withCondition(ready))).toEqual({
      holds: true,
      message: "Resource has condition Ready=True",
    });
  });

  it.each([
    ["another status", { ...ready, status: "False" }, "Resource has condition Ready=False (want True)"],
    [
      "another status, without the reason that it gives, which the real one leaves out",
      { ...ready, status: "False", message: "no node" },
      "Resource has condition Ready=False (want True)",
    ],
    ["an older generation", { ...ready, observedGeneration: 2 }, "Generation 2 is less than expected 3"],
    ["another condition", { ...ready, type: "Degraded" }, "Resource has no condition Ready"],
  ])("goes on with %s", (_, condition, message) => {
    expect(fulfilment("condition=Ready", withCondition(condition))).toEqual({ holds: false, message });
  });

  it("goes on while there is no condition at all", () => {
    const { status: _, ...bare } = withCondition(ready);

    expect(fulfilment("condition=Ready", bare)).toEqual({
      holds: false,
      message: "Has no .status.conditions",
    });
  });

  it("takes a condition that does not say its generation", () => {
    expect(fulfilment("condition=Ready", withCondition({ type: "Ready", status: "True" })).holds).toBe(true);
  });

  it("may ask for another status than True", () => {
    const degraded = { type: "Degraded", status: "False" };

    expect(fulfilment("condition=Degraded=False", withCondition(degraded)).holds).toBe(true);
    expect(fulfilment("condition=Ready=False", withCondition(ready)).message).toBe(
      "Resource has condition Ready=True (want False)",
    );
  });
});

function withSpec(spec: object): KubernetesObject {
  return {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "FelixConfiguration",
    metadata: { name: "default" },
    spec,
  };
}

describe("waiting for a path", () => {
  it.each([
    ["jsonpath={.spec.bpfEnabled}=true", { bpfEnabled: true }, "Found {.spec.bpfEnabled}=true"],
    ["jsonpath={.spec.bpfEnabled}", { bpfEnabled: false }, "Found {.spec.bpfEnabled}"],
  ])("%s ends", (waitFor, spec, message) => {
    expect(fulfilment(waitFor, withSpec(spec))).toEqual({ holds: true, message });
  });

  it.each([
    [{ bpfEnabled: true }, 'Waiting for {.spec.bpfEnabled}=false (found "true")'],
    [{}, "{.spec.bpfEnabled} selected nothing"],
  ])("goes on with %o", (spec, message) => {
    expect(fulfilment("jsonpath={.spec.bpfEnabled}=false", withSpec(spec))).toEqual({
      holds: false,
      message,
    });
  });
});

describe("a list of expressions", () => {
  const both = JSON.stringify(["jsonpath={.spec.a}=1", "jsonpath={.spec.b}=2"]);

  it("ends when all hold", () => {
    expect(fulfilment(both, withSpec({ a: 1, b: 2 }))).toEqual({
      holds: true,
      message: "Found {.spec.a}=1; Found {.spec.b}=2",
    });
  });

  it("goes on while one does not, and names only that", () => {
    expect(fulfilment(both, withSpec({ a: 1, b: 3 }))).toEqual({
      holds: false,
      message: 'Waiting for {.spec.b}=2 (found "3")',
    });
  });
});

it("what cannot be read never ends, and says what is expected", () => {
  expect(fulfilment("ready", withSpec({}))).toEqual({
    holds: false,
    message: 'expected a "jsonpath=" or "condition=" prefix, got "ready"',
  });
});
