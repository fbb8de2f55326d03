import { expect, it } from "vitest";
import { allowDnsAndApiServer } from "../../../../components/specs/networkPolicies.ts";
import { at } from "../../../simulator/kubernetes/object.ts";
import { addonWorkloads, dnsService } from "../../../simulator/realKubernetes/workloads.ts";

it("pods of CoreDNS have the label of EKS's add-on, by which its service and the program's policy select them", () => {
  const [coreDns] = addonWorkloads({ name: "coredns" });
  const [dns] = allowDnsAndApiServer([]).egress;

  expect(at(coreDns, "spec.template.metadata.labels")).toEqual({ "k8s-app": "kube-dns" });
  expect(at(dnsService("172.20.0.0/16"), "spec.selector")).toEqual({ "k8s-app": "kube-dns" });
  expect(dns?.to).toMatchObject([{ podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }]);
});

it("pods of another add-on have its workload's name as their label", () => {
  const [kubeProxy] = addonWorkloads({ name: "kube-proxy" });

  expect(at(kubeProxy, "spec.template.metadata.labels")).toEqual({ "k8s-app": "kube-proxy" });
});
