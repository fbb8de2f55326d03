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

describe("The starter policies", () => {
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
