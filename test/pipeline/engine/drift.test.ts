import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { program } from "../../../infra/program.ts";
import { pulumiCli } from "../../rehearsal/cli/pulumiCli.ts";
import type { Engine } from "../../rehearsal/engine.ts";
import { readStackFile } from "../../rehearsal/stackFile.ts";
import { stackSettings } from "../../rehearsal/stackSettings.ts";
import { startedEngine, startedWorld } from "../../rehearsal/start.ts";
import type { KubernetesDouble } from "../../rehearsal/world/kubernetesDouble.ts";
import type { World } from "../../rehearsal/world/world.ts";
import { notDrift } from "../steps/operate.ts";

const root = join(import.meta.dirname, "..", "..", "..");
let world: World<KubernetesDouble>;
let engine: Engine;

beforeAll(async () => {
  const { command } = await pulumiCli({ say: () => {} });
  const file = readStackFile({ stack: "dev" }, root);
  const settings = stackSettings(file);
  world = await startedWorld({ settings });
  engine = await startedEngine({ program, command, root, settings, config: file.config }, world);
  await engine.up();
}, 120_000);

afterAll(async () => {
  await engine.remove();
  await world.stop();
});

/** As the step `drift` of the workflows asks the CLI. */
const search = () =>
  engine.command(
    "refresh",
    ...["--preview-only", "--expect-no-changes", "--diff", "--non-interactive"],
    ...notDrift,
  );

it("the search for drift finds what is gone from AWS, ends with 7, and leaves the state as it is", async () => {
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
