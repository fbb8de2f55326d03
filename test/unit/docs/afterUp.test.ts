import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readSettings } from "../../../components/checks/checks.ts";
import { storageClass } from "../../../components/eksAddons.ts";
import { autoscalerAccount } from "../../../components/specs/charts.ts";
import { karpenterAccount } from "../../../components/specs/karpenter.ts";
import { ApiServer } from "../../simulator/kubernetes/apiServer.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { rendered, stubCharts } from "../../simulator/kubernetes/stubCharts.ts";
import { blocksOf, pageOf } from "./pages.ts";

const page = pageOf("docs/after-up.md");
const yaml = blocksOf(page).filter(({ info }) => info === "yaml");
const settings = yaml.filter(({ code }) => code.includes("calico-ebpf-eks:"));
const manifests = yaml.filter(({ code }) => code.startsWith("apiVersion:"));
const commands = blocksOf(page)
  .filter(({ info }) => info === "sh")
  .flatMap(({ code }) => code.split("\n"))
  .filter((line) => line.startsWith("kubectl "));

/** Kinds by the words that the page uses for them. */
const kinds: Readonly<Record<string, string>> = {
  deployment: "Deployment",
  ec2nodeclasses: "EC2NodeClass",
  nodeclaims: "NodeClaim",
  nodepools: "NodePool",
  nodes: "Node",
  pvc: "PersistentVolumeClaim",
  service: "Service",
};

describe("docs/after-up.md", () => {
  it("has settings, manifests and commands in each of its blocks", () => {
    expect(settings.length + manifests.length).toBe(yaml.length);
    expect([settings.length, manifests.length, commands.length].every((count) => count >= 2)).toBe(true);
  });

  it.each(settings.map(({ code }) => [code.split("\n")[0] ?? "", code]))(
    "shows settings that pass: %s",
    (_, code) => {
      const config = Object.fromEntries(
        Object.entries({
          "aws:region": "eu-west-1",
          "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
          ...(parse(code) as Record<string, unknown>),
        }).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
      );

      const { problems } = readSettings({
        config,
        project: "calico-ebpf-eks",
        stack: "dev",
        today: new Date(),
      });
      expect(problems).toEqual([]);
    },
  );

  it("shows manifests that the API server takes", () => {
    const api = new ApiServer(() => {}, ["v1/PersistentVolumeClaim"]);
    for (const { code } of manifests) {
      for (const document of parseAllDocuments(code)) {
        const object = document.toJS() as KubernetesObject;
        expect(() => api.apply(object, "kubectl", { dryRun: true })).not.toThrow();
      }
    }
  });

  it("reads kinds that Kubernetes or a chart of this program has", () => {
    const read = commands.flatMap((line) => {
      const [, words = ""] = /^kubectl (?:-n \S+ )?(?:get|expose|patch) ([a-z0-9,]+)/.exec(line) ?? [];
      return words.split(",").filter(Boolean);
    });
    const ofCharts = [...stubCharts().values()].flatMap(({ files }) =>
      [...files].filter(([path]) => path.startsWith("crds/")).map(([, text]) => parse(text).spec.names),
    );
    const plurals = ofCharts.map(({ plural, kind }) => [plural, kind] as const);

    expect(read.filter((word) => kinds[word] === undefined)).toEqual([]);
    expect(plurals.filter(([plural]) => read.includes(plural)).map(([, kind]) => kind)).toEqual(
      ["ec2nodeclasses", "nodeclaims", "nodepools"].map((word) => kinds[word]),
    );
  });

  it("follows the logs of Deployments by the names that the charts give them", () => {
    const logs = commands.flatMap((line) => {
      const [, namespace, name] = /^kubectl -n (\S+) logs deployment\/(\S+)/.exec(line) ?? [];
      return name === undefined ? [] : [{ namespace, serviceAccount: name }];
    });
    const chart = stubCharts().get("karpenter");
    const release = {
      name: "karpenter",
      namespace: "kube-system",
      version: "1.14.1",
      values: { fullnameOverride: "karpenter" },
    };
    const deployments = chart && rendered(chart, release).filter(({ kind }) => kind === "Deployment");

    expect(logs).toEqual([autoscalerAccount, karpenterAccount]);
    expect(deployments?.map(({ metadata }) => metadata.name)).toEqual([karpenterAccount.serviceAccount]);
  });

  it("names the class of volumes as the program does", () => {
    expect(page.text).toContain(`the StorageClass \`${storageClass}\``);
  });
});
