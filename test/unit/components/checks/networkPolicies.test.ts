import { describe, expect, it } from "vitest";
import { systemNamespaces } from "../../../../components/checks/networkPolicies.ts";
import { allowDnsAndApiServer, denyByDefault } from "../../../../components/specs/networkPolicies.ts";
import { settingsLines } from "../../../support/lines.ts";

describe("networkPolicies.defaultDeny", () => {
  it.each([
    {
      name: "the namespace of CoreDNS among others",
      defaultDeny: ["shop", "kube-system"],
      lines: [
        "networkPolicies.defaultDeny[1]: kube-system is a system namespace, with CoreDNS, kube-proxy and EKS's own add-ons; default deny would cut them off and break the cluster. Remove it, and list namespaces of your workloads.",
      ],
    },
    {
      name: "a namespace twice",
      defaultDeny: ["shop", "payments", "shop"],
      lines: [
        "networkPolicies.defaultDeny[2]: shop is listed twice; each namespace counts once. Remove one.",
      ],
    },
  ])("refuses $name", ({ defaultDeny, lines }) => {
    expect(settingsLines({ networkPolicies: { defaultDeny } })).toEqual(lines);
  });

  it.each(Object.keys(systemNamespaces))("refuses %s", (namespace) => {
    expect(settingsLines({ networkPolicies: { defaultDeny: [namespace] } })).toEqual([
      expect.stringMatching(/^networkPolicies\.defaultDeny\[0\]: .* is a system namespace/),
    ]);
  });

  it.each([[], ["default"], ["kube-system-2"], ["shop", "payments"], ["constructor"]])(
    "takes %j",
    (...defaultDeny) => {
      expect(settingsLines({ networkPolicies: { defaultDeny } })).toEqual([]);
    },
  );
});

describe("credentials of pods in a namespace that is closed", () => {
  const orders = { namespace: "shop", serviceAccount: "orders" };
  const closed = (allowPodIdentity: boolean, namespace = "shop") =>
    settingsLines({
      networkPolicies: { defaultDeny: ["shop"], allowPodIdentity },
      podIdentities: { orders: { ...orders, namespace } },
      addons: { "cert-manager": { podIdentity: { ...orders, namespace } } },
    });

  it("are refused without a rule to the agent", () => {
    const line =
      "networkPolicies.defaultDeny closes shop; pods get their credentials from 169.254.170.23, TCP 80. Set networkPolicies.allowPodIdentity: true.";

    expect(closed(false)).toEqual([
      `addons.cert-manager.podIdentity: ${line}`,
      `podIdentities.orders: ${line}`,
    ]);
  });

  it("are accepted with one, and in any other namespace", () => {
    expect(closed(true)).toEqual([]);
    expect(closed(false, "payments")).toEqual([]);
  });
});

describe("The starter policies", () => {
  it("allow the agent of EKS Pod Identity, and nothing else at its address, only where that is set", () => {
    const [egress, closed] = [true, false].map(
      (set) => allowDnsAndApiServer(["10.40.255.240/28"], set).egress,
    );

    expect(
      egress?.filter((rule) => !closed?.some((one) => JSON.stringify(one) === JSON.stringify(rule))),
    ).toEqual([{ to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] }]);
  });

  it("allow DNS and the API server at its addresses, and nothing else", () => {
    expect(allowDnsAndApiServer(["10.40.255.240/28", "10.40.255.224/28"])).toEqual({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
        {
          to: [{ ipBlock: { cidr: "10.40.255.240/28" } }, { ipBlock: { cidr: "10.40.255.224/28" } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
  });

  it("deny by allowing nothing, in both directions", () => {
    expect(denyByDefault()).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });
});
