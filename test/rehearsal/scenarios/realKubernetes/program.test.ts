import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { program } from "../../../../infra/program.ts";
import { Engine, EngineError } from "../../engine.ts";
import { RealKubernetes } from "../../realKubernetes/realKubernetes.ts";
import { startWorldWith, type World } from "../../world/world.ts";
import { cli, rehearsed, root, smallCluster } from "../rehearsed.ts";
import { type Tampering, tampered } from "../tampering.ts";
import { onRealParts, parts } from "./parts.ts";

const serviceCidr = "172.20.0.0/16";
const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An engine and the world that it works on, with a mistake in the program. */
async function started(tampering: Tampering): Promise<{ engine: Engine; world: World<RealKubernetes> }> {
  if (parts === undefined || cli === undefined) throw new Error("skipped");
  const real = { ...parts, serviceCidr };
  const world = await startWorldWith(
    { region: "eu-west-1", stallMilliseconds: 20_000 },
    (cloud, activity) => new RealKubernetes(cloud, activity, real),
  );
  ends.push(() => world.stop());
  const engine = await Engine.start({
    program: tampered(program, tampering),
    command: cli.command,
    stack: "dev",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config: smallCluster,
    debugProviders: world.debugProviders,
  });
  ends.push(() => engine.remove());
  return { engine, world };
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: unknown) => (error instanceof EngineError ? error.message : String(error)),
  );

describe.skipIf(parts === undefined)(onRealParts, { timeout: 300_000 }, () => {
  it("the program comes up, changes nothing a second time, and leaves nothing behind", async () => {
    const { problems, leftBehind, checks } = await rehearsed({
      until: "destroy",
      ...(parts === undefined ? {} : { realKubernetes: parts }),
    });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
  });

  it("a half-specified pool fails with a conflict when the Installation changes, in preview already", async () => {
    let metricsPort = 9091;
    const { engine, world } = await started(({ type, props }) => {
      if (type !== installationType) return undefined;
      const { ipPools, ...network } = props.spec.calicoNetwork;
      const [{ name, cidr }] = ipPools;
      const calicoNetwork = { ...network, ipPools: [{ name, cidr }] };
      return { props: { ...props, spec: { ...props.spec, calicoNetwork, nodeMetricsPort: metricsPort } } };
    });
    await engine.up();
    expect(world.kubernetes.reports().map(({ ready }) => ready)).toEqual([true, true]);

    metricsPort = 9092;
    const conflict =
      /Apply failed with 1 conflict: conflict with "operator" using operator.tigera.io\/v1: .spec.calicoNetwork.ipPools/;
    expect(await errorOf(engine.preview())).toMatch(conflict);
    expect(await errorOf(engine.up())).toMatch(conflict);
  });

  it("a fully specified pool does not", async () => {
    let metricsPort = 9091;
    const { engine } = await started(({ type, props }) =>
      type === installationType
        ? { props: { ...props, spec: { ...props.spec, nodeMetricsPort: metricsPort } } }
        : undefined,
    );
    await engine.up();
    metricsPort = 9092;

    expect(await errorOf(engine.up())).toBe("no error");
  });

  it("a field that the Installation does not have is refused by name", async () => {
    const { engine } = await started(({ type, props }) =>
      type === installationType
        ? { props: { ...props, spec: { ...props.spec, linuxDataplane: "BPF" } } }
        : undefined,
    );

    expect(await errorOf(engine.up())).toContain(".spec.linuxDataplane: field not declared in schema");
  });
});
