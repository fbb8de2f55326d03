import { describe, expect, it } from "vitest";
import { toServed, toStored } from "../../../simulator/realKubernetes/calicoApi.ts";

describe("calico-apiserver of a rehearsal", () => {
  it.each([
    ["/apis/projectcalico.org/v3/tiers/default", "/apis/crd.projectcalico.org/v1/tiers/default"],
    ['{"apiVersion":"projectcalico.org/v3"}', '{"apiVersion":"crd.projectcalico.org/v1"}'],
    ["apiVersion: projectcalico.org/v3\n", "apiVersion: crd.projectcalico.org/v1\n"],
  ])("stores %j as %j", (served, stored) => {
    expect(toStored(served)).toBe(stored);
  });

  it.each([
    '{"apiVersion":"crd.projectcalico.org/v1"}',
    '{"labels":{"projectcalico.org/v3x":"a"}}',
    '{"labels":{"my.projectcalico.org/v3":"a"}}',
  ])("leaves %j as it is", (text) => {
    expect(toStored(text)).toBe(text);
  });

  it("serves what is stored, discovery too", () => {
    expect(toServed('{"groupVersion":"crd.projectcalico.org/v1","kind":"APIResourceList"}')).toBe(
      '{"groupVersion":"projectcalico.org/v3","kind":"APIResourceList"}',
    );
    expect(toServed('{"name":"ippools.crd.projectcalico.org"}')).toBe(
      '{"name":"ippools.crd.projectcalico.org"}',
    );
  });
});
