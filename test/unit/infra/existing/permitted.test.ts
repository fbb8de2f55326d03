import { afterEach, describe, expect, it } from "vitest";
import type { FakeApiServer } from "./apiServer.ts";
import { byManifest, byOperator, readFrom } from "./readAnswers.ts";

let server: FakeApiServer;

afterEach(() => server.stop());

async function read(...args: Parameters<typeof readFrom>) {
  const { found, server: read } = await readFrom(...args);
  server = read;
  return found;
}

describe("what this program does in a cluster", () => {
  const changing = ["get", "list", "watch", "patch"];
  const each = (verbs: readonly string[], resource: string, group: string, namespace?: string) =>
    verbs.map((verb) => ({ verb, resource, group, ...(namespace === undefined ? {} : { namespace }) }));
  const requests = () =>
    server.posted.map((body) => (body as { spec: { resourceAttributes: object } }).spec.resourceAttributes);
  const common = [
    ...each(changing, "felixconfigurations", "crd.projectcalico.org"),
    ...each(changing, "daemonsets", "apps", "kube-system"),
    ...each(changing, "deployments", "apps", "kube-system"),
  ];

  it.each([
    [
      "operator",
      byOperator,
      [
        ...each(["get", "create", "patch", "delete"], "configmaps", "", "tigera-operator"),
        ...common,
        ...each(changing, "installations", "operator.tigera.io"),
        ...each(changing, "deployments", "apps", "tigera-operator"),
      ],
    ],
    [
      "manifest",
      byManifest,
      [
        ...each(["get", "create", "patch", "delete"], "configmaps", "", "kube-system"),
        ...common,
        ...each([...changing, "create", "delete"], "jobs", "batch", "kube-system"),
      ],
    ],
  ])("is checked with the API server, by %s", async (_kind, answers, wanted) => {
    await read(answers);

    expect(requests()).toHaveLength(wanted.length);
    expect(requests()).toEqual(expect.arrayContaining(wanted));
    expect(server.posted[0]).toMatchObject({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
    });
  });

  it("is named where it is not permitted", async () => {
    const found = await read(
      byOperator,
      {},
      ({ verb, resource }) => verb !== "patch" || resource !== "daemonsets",
    );

    expect(found.forbidden).toEqual([
      { verb: "patch", resource: "daemonsets.apps", namespace: "kube-system" },
    ]);
  });
});
