import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readSettings } from "../../../components/checks/checks.ts";
import { storageClass } from "../../../components/eksAddons.ts";
import { ApiServer } from "../../simulator/kubernetes/apiServer.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { blocksOf, pageOf } from "./pages.ts";

const page = pageOf("docs/after-up.md");
const yaml = blocksOf(page).filter(({ info }) => info === "yaml");
const settings = yaml.filter(({ code }) => code.includes("calico-ebpf-eks:"));
const manifests = yaml.filter(({ code }) => code.startsWith("apiVersion:"));

describe("docs/after-up.md", () => {
  it("has settings and manifests in each of its blocks", () => {
    expect(settings.length + manifests.length).toBe(yaml.length);
    expect([settings.length, manifests.length].every((count) => count >= 2)).toBe(true);
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

  it("names the class of volumes as the program does", () => {
    expect(page.text).toContain(`the StorageClass \`${storageClass}\``);
  });
});
