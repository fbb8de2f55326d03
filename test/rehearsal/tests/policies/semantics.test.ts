import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../kubernetes/object.ts";
import { type Flow, isOpen, type Pod } from "../../policies/semantics.ts";

const web: Pod = { namespace: "shop", labels: { app: "web" }, address: "192.168.1.2" };
const client: Pod = { namespace: "ops", labels: { app: "client" }, address: "192.168.1.3" };
const flow: Flow = { from: client, to: web, protocol: "TCP", port: 8080 };

const namespaces: KubernetesObject[] = ["shop", "ops"].map((name) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { team: `team-${name}` } },
}));

const policy = (spec: object, namespace = "shop"): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "one", namespace },
  spec,
});

const all = { podSelector: {} };
const open = (changes: Partial<Flow>, ...policies: KubernetesObject[]) =>
  isOpen({ ...flow, ...changes }, [...namespaces, ...policies]);
const ingress = (rule: object, podSelector: object = {}) =>
  policy({ podSelector, policyTypes: ["Ingress"], ingress: [rule] });

describe("A connection is open", () => {
  it.each<[string, boolean]>([
    ["where there is no policy", open({})],
    ["where the policy is of another namespace", open({}, policy(all, "elsewhere"))],
    [
      "where the policy selects other pods",
      open({}, policy({ podSelector: { matchLabels: { app: "db" } } })),
    ],
    ["where the policy is for the other direction", open({}, policy({ ...all, policyTypes: ["Egress"] }))],
    ["from the pod's own node", open({ from: { address: "10.40.0.4", isOwnNode: true } }, policy(all))],
    ["to a host that no policy can select", open({ to: { address: "10.40.0.4" } }, policy(all))],
    ["where a rule has neither peers nor ports", open({}, ingress({}))],
    [
      "where one of several policies allows it",
      open({}, policy(all), ingress({ from: [{ namespaceSelector: {} }] })),
    ],
    [
      "where the peer's namespace has the label",
      open({}, ingress({ from: [{ namespaceSelector: { matchLabels: { team: "team-ops" } } }] })),
    ],
    [
      "where the peer's namespace has the name",
      open(
        {},
        ingress({ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ops" } } }] }),
      ),
    ],
    [
      "where the block holds the address",
      open({}, ingress({ from: [{ ipBlock: { cidr: "192.168.0.0/16" } }] })),
    ],
    ["where the port is the one", open({}, ingress({ ports: [{ port: 8080 }] }))],
    ["where the port is in the range", open({}, ingress({ ports: [{ port: 8000, endPort: 8080 }] }))],
    [
      "where an expression fits",
      open({}, ingress({}, { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] })),
    ],
  ])("%s", (_name, found) => {
    expect(found).toBe(true);
  });
});

describe("A connection is closed", () => {
  it.each<[string, boolean]>([
    ["by a policy that allows nothing", open({}, policy(all))],
    [
      "by a policy for egress that has rules for others only",
      open({}, policy({ ...all, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] }, "ops")),
    ],
    [
      "by a policy whose peers are pods of its own namespace",
      open({}, ingress({ from: [{ podSelector: { matchLabels: { app: "client" } } }] })),
    ],
    [
      "where the pod fits and its namespace does not",
      open(
        {},
        ingress({
          from: [
            {
              podSelector: { matchLabels: { app: "client" } },
              namespaceSelector: { matchLabels: { team: "team-shop" } },
            },
          ],
        }),
      ),
    ],
    [
      "from an address that a block leaves out",
      open({}, ingress({ from: [{ ipBlock: { cidr: "192.168.0.0/16", except: ["192.168.1.0/24"] } }] })),
    ],
    ["over another protocol", open({ protocol: "UDP" }, ingress({ ports: [{ port: 8080 }] }))],
    ["to another port", open({ port: 8081 }, ingress({ ports: [{ port: 8080 }] }))],
    ["from another node", open({ from: { address: "10.40.0.5" } }, policy(all))],
    [
      "where an expression leaves the pod out of what is allowed",
      open({}, policy(all), ingress({}, { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] })),
    ],
  ])("%s", (_name, found) => {
    expect(found).toBe(false);
  });
});
