import { parse, parseAllDocuments } from "yaml";
import {
  nodeClassKind,
  nodeClassSpec,
  nodePoolKind,
  nodePoolSpec,
} from "../../../components/specs/karpenterNodes.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { stubCharts } from "../../simulator/kubernetes/stubCharts.ts";
import type { Api } from "../../simulator/realKubernetes/api.ts";
import { released, settings } from "../../support/settings.ts";
import { blocksOf, pageOf } from "../../unit/docs/pages.ts";

/** What the API server says against the manifests of docs/after-up.md, in a dry run; empty: it takes all of them. */
export async function refusedManifests(api: Api): Promise<string[]> {
  const shown = blocksOf(pageOf("docs/after-up.md"))
    .filter(({ info, code }) => info === "yaml" && code.startsWith("apiVersion:"))
    .flatMap(({ code }) => parseAllDocuments(code).map((document) => document.toJS() as KubernetesObject));
  if (shown.length === 0) throw new Error("docs/after-up.md shows no manifest");
  return refusals(
    api,
    shown.map(
      ({ metadata, ...rest }) =>
        ({ ...rest, metadata: { namespace: "default", ...metadata } }) as KubernetesObject,
    ),
  );
}

/** The same for Karpenter's objects, as the program writes them and with a change. Its definitions stay on the server. */
export async function refusedKarpenter(api: Api, change: object = {}): Promise<string[]> {
  for (const [path, text] of stubCharts().get("karpenter")?.files ?? []) {
    if (!path.startsWith("crds/")) continue;
    const definition = parse(text) as KubernetesObject;
    if ((await api.get(definition)) === undefined) await api.create(definition, { manager: "helm" });
  }
  await served(api);
  const { general: pool } = released(
    settings({ nodePools: { general: { family: "Bottlerocket" } } }).nodePools,
    {
      general: "1.65.0-0be31b34",
    },
  );
  if (pool === undefined) throw new Error("there is no pool");
  const spec = nodeClassSpec({
    pool,
    instanceProfile: "nodes",
    subnetIds: ["subnet-0a1b2c3d4e5f67890"],
    securityGroupIds: ["sg-0a1b2c3d4e5f67890"],
    tags: { team: "net" },
  });
  const metadata = { name: "general" };
  return refusals(api, [
    { ...nodeClassKind, metadata, spec: { ...spec, ...change } },
    { ...nodePoolKind, metadata, spec: nodePoolSpec("general", pool) },
  ]);
}

async function refusals(api: Api, objects: readonly KubernetesObject[]): Promise<string[]> {
  const answers = objects.map((object) =>
    api.create(object, { manager: "kubectl", dryRun: true }).then(
      () => [],
      (error: Error) => [error.message],
    ),
  );
  return (await Promise.all(answers)).flat();
}

/** A new kind is served a moment after its definition is there. */
async function served(api: Api): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if ((await api.serves(nodeClassKind)) && (await api.serves(nodePoolKind))) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("Karpenter's kinds are not served");
}
