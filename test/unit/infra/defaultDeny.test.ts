import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find } from "../../support/graph.ts";
import { stackConfig } from "../../support/stackConfig.ts";

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("default deny", async () => {
  const { resources } = await record(program, {
    config: stackConfig({ networkPolicies: { defaultDeny: ["shop", "payments"] } }),
  });

  it.each(["shop", "payments"])("begins in %s once calico-node is ready and DNS answers", (namespace) => {
    const [...earlier] = before(
      resources,
      find(resources, policyType, `${namespace}-allow-dns-and-api-server`),
    );

    expect(earlier).toEqual(
      expect.arrayContaining([
        "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate",
        "kubernetes:apps/v1:DeploymentPatch coredns",
      ]),
    );
  });

  it("does not exist unless it is set", async () => {
    const { resources: without } = await record(program, { config: stackConfig() });

    expect(without.filter(({ type }) => /NetworkPolicy|NamespacePatch|DefaultDeny/.test(type))).toEqual([]);
  });
});
