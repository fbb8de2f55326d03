import { describe, expect, it } from "vitest";
import { calicoVersions } from "../../../../components/facts/versions.ts";
import {
  calicoCrds,
  crdsOfOperator,
  felixApiVersion,
  type PreviousResource,
} from "../../../../components/specs/calico.ts";

const all = [
  "installations.operator.tigera.io",
  "apiservers.operator.tigera.io",
  "felixconfigurations.crd.projectcalico.org",
];

const resource = (type: string, name: string, outputs: object = {}): PreviousResource => ({
  type,
  name,
  outputs: { ...outputs },
});
const endpoint = resource("kubernetes:core/v1:ConfigMap", "kubernetes-services-endpoint");
const felix = resource("kubernetes:crd.projectcalico.org/v1:FelixConfiguration", "felix-configuration");
const installation = resource("kubernetes:operator.tigera.io/v1:Installation", "installation");
const gate = resource("kubernetes:operator.tigera.io/v1:InstallationPatch", "ready-gate");
const crd = (name: string) => resource("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", name);
const operator = (status: object) =>
  resource("kubernetes:apps/v1:Deployment", "tigera-operator:tigera-operator/tigera-operator", status);
const available = { status: { availableReplicas: 1 } };

describe("the kinds of a Calico release", () => {
  it.each(Object.keys(calicoVersions))(
    "%s has FelixConfiguration in the group that it is stored in",
    (version) => {
      const [group, name] = felixApiVersion(version).split("/");

      expect(calicoCrds(version).map(({ kind }) => kind)).toEqual([
        "Installation",
        "APIServer",
        "FelixConfiguration",
      ]);
      expect(calicoCrds(version).at(-1)).toEqual({
        name: `felixconfigurations.${group}`,
        group,
        version: name,
        kind: "FelixConfiguration",
        plural: "felixconfigurations",
      });
    },
  );
});

describe("the definitions that are the operator's", () => {
  it.each<[string, PreviousResource[], string[]]>([
    ["none of a new stack", [], []],
    ["none where only the endpoint was made", [endpoint], []],
    ["none where the operator's Deployment has had no node", [endpoint, operator({ status: {} })], []],
    ["none where nothing is known of the Deployment", [endpoint, operator({})], []],
    ["none where no replica is available", [operator({ status: { availableReplicas: 0 } })], []],
    [
      "none where another Deployment is available",
      [resource("kubernetes:apps/v1:Deployment", "shop:shop/shop", available)],
      [],
    ],
    ["all once the operator was available", [operator(available)], all],
    ["all once there is a FelixConfiguration", [felix], all],
    ["all once there is an Installation", [felix, installation, gate], all],
    ["none of a stack that has its own", [...all.map(crd), felix, installation, operator(available)], []],
    [
      "none of a stack that failed before its last one",
      [crd("installations.operator.tigera.io"), endpoint, operator({})],
      [],
    ],
    [
      "those that an update which failed did not import",
      [crd("installations.operator.tigera.io"), felix, installation],
      all.slice(1),
    ],
  ])("are %s", (_name, previous, found) => {
    expect(crdsOfOperator(previous, "3.32.4")).toEqual(found);
  });
});
