import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { afterAll, beforeAll, expect, it } from "vitest";
import { notDrift } from "../../../infra/commands/pipeline/steps/operate.ts";
import { pulumiCli } from "../../../infra/commands/shared/engine/pulumiCli.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import type { Engine } from "../../rehearsal/engine.ts";
import { startedEngine, startedWorld } from "../../rehearsal/start.ts";
import type { Kubernetes } from "../../simulator/kubernetes/kubernetes.ts";
import type { KubernetesDouble } from "../../simulator/world/kubernetesDouble.ts";
import type { World } from "../../simulator/world/world.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const ownDefinition = "widgets.example.com";
let world: World<KubernetesDouble>;
let engine: Engine;

beforeAll(async () => {
  const { command } = await pulumiCli({ say: () => {} });
  const file = readStackFile({ stack: "dev" }, root);
  const settings = stackSettings(file);
  world = await startedWorld({ settings });
  const withTheirs = async () => {
    const outputs = await program();
    ownKind(outputs.kubeconfig);
    return outputs;
  };
  engine = await startedEngine({ program: withTheirs, command, root, settings, config: file.config }, world);
  await engine.up();
}, 120_000);

afterAll(async () => {
  await engine.remove();
  await world.stop();
});

/** A kind that a user adds to the program. */
function ownKind(kubeconfig: kubernetes.ProviderArgs["kubeconfig"]): void {
  const provider = new kubernetes.Provider("theirs", { kubeconfig, clusterIdentifier: "theirs" });
  const names = { kind: "Widget", plural: "widgets" };
  new kubernetes.apiextensions.v1.CustomResourceDefinition(
    "widgets",
    {
      metadata: { name: ownDefinition },
      spec: {
        group: "example.com",
        scope: "Cluster",
        names,
        versions: [
          { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
        ],
      },
    },
    { provider },
  );
}

/** As the step `drift` of the workflows asks the CLI. */
const search = () =>
  engine.command(
    "refresh",
    ...["--preview-only", "--expect-no-changes", "--diff", "--non-interactive"],
    ...notDrift,
  );

it("drift detection finds what is gone from AWS, ends with 7, and does not change the state", async () => {
  expect(await search()).toContain("unchanged");

  const type = "aws:cloudwatch/logGroup:LogGroup";
  const before = JSON.stringify(await engine.deployment());
  const [logGroup] = world.aws.ofType(type);
  if (logGroup === undefined) throw new Error("there is no log group");
  await world.aws.delete({ type, urn: logGroup.urn, name: "" }, logGroup.id);

  await expect(search()).rejects.toThrow(
    /ended with code 7\b[\s\S]*- aws:cloudwatch\/logGroup:LogGroup: \(delete\)/,
  );
  expect(JSON.stringify(await engine.deployment())).toBe(before);
}, 120_000);

it("it leaves out Calico's kinds, which the operator replaces, and finds that a kind of the user's is gone", async () => {
  const definition = (name: string) => `apiextensions.k8s.io/v1/CustomResourceDefinition//${name}` as const;
  const { api } = world.kubernetes as Kubernetes;
  expect(api.get(definition("installations.operator.tigera.io"))).toBeDefined();
  const theirs = api.get(definition(ownDefinition));
  if (theirs === undefined) throw new Error("the user's kind is not there");
  api.delete(definition(ownDefinition));

  const error = await search().catch((thrown: unknown) => String(thrown));
  api.create(theirs, "kubectl-create");

  expect(error).toMatch(/ended with code 7\b[\s\S]*CustomResourceDefinition: \(delete\)/);
  expect(error).not.toContain("operator.tigera.io");
}, 120_000);
