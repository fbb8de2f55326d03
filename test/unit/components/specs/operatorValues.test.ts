import { expect, it } from "vitest";
import { operatorValues } from "../../../../components/specs/calico.ts";
import { settings } from "../../../support/settings.ts";

const off = { enabled: false };
const env = [{ name: "CALICO_API_GROUP", value: "crd.projectcalico.org/v1" }];
const base = {
  installation: off,
  apiServer: off,
  goldmane: off,
  whisker: off,
  defaultFelixConfiguration: off,
  manageCRDs: true,
  dnsPolicy: "Default",
  tigeraOperator: { env },
};

it("leaves every custom resource to us, the CRDs to the operator, and names to the node's resolver", () => {
  expect(operatorValues(settings())).toEqual(base);
});

it("takes the operator's image from the mirror, without a slash at its end", () => {
  const calico = { registry: "mirror.example.com/quay" };

  expect(operatorValues(settings({ calico }))).toEqual({
    ...base,
    tigeraOperator: { env, registry: "mirror.example.com/quay" },
  });
});

it.each(["3.32.4", "3.33.1"])(
  "keeps %s to the API group that FelixConfiguration is written to",
  (version) => {
    expect(operatorValues(settings({ calico: { version } }))).toEqual(base);
  },
);
