import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import type { Api } from "../../simulator/realKubernetes/api.ts";
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

async function refusals(api: Api, objects: readonly KubernetesObject[]): Promise<string[]> {
  const answers = objects.map((object) =>
    api.create(object, { manager: "kubectl", dryRun: true }).then(
      () => [],
      (error: Error) => [error.message],
    ),
  );
  return (await Promise.all(answers)).flat();
}
