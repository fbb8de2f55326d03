import { describe, expect, it } from "vitest";
import type { Rehearsal } from "../rehearsal/rehearsal.ts";
import { changed } from "./changed.ts";
import { rehearsed, smallCluster } from "./rehearsed.ts";
import type { Tampering } from "./tampering.ts";

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const denied = { ...smallCluster, "calico-ebpf-eks:networkPolicies": { defaultDeny: ["shop"] } };

const policySteps = ({ change }: Rehearsal) =>
  change?.steps
    .filter(({ name }) => /NetworkPolicy|NamespacePatch/.test(name))
    .map(({ operation, name }) => `${operation} ${name}`);

const turnedOn = [
  "create NamespacePatch shop",
  "create NetworkPolicy shop-allow-dns-and-api-server",
  "create NetworkPolicy shop-default-deny",
];
const turnedOff = [
  "delete NetworkPolicy shop-default-deny",
  "delete NetworkPolicy shop-allow-dns-and-api-server",
  "delete NamespacePatch shop",
];
const seen = [
  { name: "no policy closed what has to stay open, at any moment", failures: [] },
  { name: "default deny holds in shop", failures: [] },
];

describe("Default deny", () => {
  it("allows first, then denies, and closes nothing on the way that has to stay open", async () => {
    const rehearsal = await changed({}, denied);

    expect(rehearsal.problems).toEqual([]);
    expect(policySteps(rehearsal)).toEqual(turnedOn);
    expect(rehearsal.checks.slice(-2)).toEqual(seen);
    expect(rehearsal.change?.notices.map(({ title }) => title)).toEqual([
      "Pods of the namespace reach, and are reached by, only what a policy allows",
    ]);
  });

  it("goes before that which it leaves open goes", async () => {
    const rehearsal = await changed(denied, {});

    expect(rehearsal.problems).toEqual([]);
    expect(policySteps(rehearsal)).toEqual(turnedOff);
    expect(rehearsal.checks.slice(-1)).toEqual(seen.slice(0, 1));
  });

  it("is seen to cut pods off from DNS when it comes first", async () => {
    const { problems } = await rehearsed({ config: denied, tampering: swapped() });

    expect(problems).toEqual(
      [
        "pods of shop ask CoreDNS",
        "pods of shop ask CoreDNS over TCP",
        "pods of shop reach the API server",
      ].map(
        (name) => `not true that no policy closed what has to stay open, at any moment: not open: ${name}`,
      ),
    );
  });

  it("is seen to cut the cluster off when it is put into the cluster's own namespace", async () => {
    const { problems } = await rehearsed({ config: denied, tampering: inKubeSystem });

    expect(problems).toContain(
      "not true that no policy closed what has to stay open, at any moment: not open: CoreDNS asks the VPC's resolver",
    );
    expect(problems).toContain(
      "not true that default deny holds in shop: open: pods of shop reach the internet",
    );
  });
});

/** Gives each of the two policies the other's place. */
function swapped(): Tampering {
  let allowing: unknown;
  return ({ type, name, props }) => {
    if (type !== policyType) return undefined;
    if (name.endsWith("-default-deny")) return { props: { ...props, spec: allowing } };
    allowing = props.spec;
    return { props: { ...props, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } } };
  };
}

const inKubeSystem: Tampering = ({ type, props }) =>
  type === policyType
    ? { props: { ...props, metadata: { ...props.metadata, namespace: "kube-system" } } }
    : undefined;
