import { expect, it } from "vitest";
import { imageOf } from "../../../simulator/dataPath/images.ts";
import { skewOf } from "../../../simulator/dataPath/skew.ts";

it.each([
  ["quay.io/calico/node:v3.32.4", ["bash", expect.stringContaining("calicoNode.sh")]],
  ["quay.io/calico/node@sha256:0123", ["bash", expect.stringContaining("calicoNode.sh")]],
  ["registry.example.com:5000/mirror/calico/cni:v3.32.4", ["/opt/cni/bin/install"]],
  ["registry.k8s.io/e2e-test-images/agnhost:2.57", ["/agnhost"]],
  ["602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/kube-proxy:v1.35.4", ["/usr/local/bin/kube-proxy"]],
])("runs the program of %s", (name, entrypoint) => {
  expect(imageOf(name)?.entrypoint).toEqual(entrypoint);
});

it.each(["nginx:1.29", "quay.io/calico/nodes:v3.32.4", "calico-node", "quay.io/mycalico/node:v1"])(
  "has no program for %s",
  (name) => {
    expect(imageOf(name)).toBeUndefined();
  },
);

it("lets only what moves no packet rest", () => {
  expect(imageOf("quay.io/tigera/operator:v1.42.4")?.rests).toBe(true);
  expect(imageOf("quay.io/calico/typha:v3.32.4")?.rests).toBeUndefined();
  expect(imageOf("quay.io/calico/node:v3.32.4")?.rests).toBeUndefined();
});

it.each([
  ["6.18.44-fc-v595", { FELIX_BPFCONNECTTIMELOADBALANCING: "Disabled" }],
  ["7.0.0", { FELIX_BPFCONNECTTIMELOADBALANCING: "Disabled" }],
  ["6.17.9", {}],
  ["6.1.0-26-amd64", {}],
  ["5.10.245", {}],
])("tells Felix 3.28.5 on kernel %s what it needs", (kernel, env) => {
  expect(skewOf(kernel)).toEqual(env);
});
