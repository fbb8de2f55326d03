import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { program } from "../../infra/program.ts";
import { Engine, EngineError } from "../rehearsal/engine.ts";
import { types } from "../simulator/aws/types.ts";
import { at } from "../simulator/kubernetes/object.ts";
import { startWorld, type World } from "../simulator/world/world.ts";
import { blocksOf, pageOf } from "../unit/docs/pages.ts";
import { cli, root, smallCluster } from "./rehearsed.ts";

const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";
const onlySame = { same: expect.any(Number) };

/** The target of the one command in the page on troubles that leaves the cluster's contents out. */
const documentedTarget = blocksOf(pageOf("docs/troubleshooting.md"))
  .map(({ code }) => /^npx pulumi up --stack prod --skip-preview --target '([^']+)'$/m.exec(code)?.[1])
  .find((target) => target !== undefined);

let world: World;
let engine: Engine;

/** A stack whose cluster is up. */
async function up(): Promise<void> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  world = await startWorld({ region: "eu-west-1", stallMilliseconds: 3000 });
  engine = await Engine.start({
    program,
    command: cli.command,
    stack: "dev",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config: smallCluster,
    debugProviders: world.debugProviders,
  });
  await engine.up();
}

afterEach(async () => {
  await world.stop();
  await engine.remove();
});

describe("a cluster that the stack creates", { timeout: 240_000 }, () => {
  it("restores a field of this program by a refresh and an up, after a manual patch", async () => {
    await up();
    const patch = { spec: { bpfExternalServiceMode: "Tunnel", wireguardEnabled: true } };
    world.kubernetes.api.merge(felixKey, patch, "kubectl-patch");
    const felix = () => at(world.kubernetes.api.get(felixKey), "spec");

    // What it knows is what the last up wrote.
    expect(await engine.preview()).toEqual(onlySame);
    expect(await engine.drift()).toMatchObject({ update: 1 });
    await engine.refresh();
    expect(await engine.preview()).toMatchObject({ update: 1 });
    await engine.up();

    expect(at(felix(), "bpfExternalServiceMode")).toBe("DSR");
    // Theirs goes with it, and no preview says so: the provider takes over whatever kubectl wrote.
    expect(at(felix(), "wireguardEnabled")).toBeUndefined();
    expect(await engine.drift()).toEqual(onlySame);
  });

  it.each(["EKS's own API", "an up of the cluster alone, without a preview"])(
    "whose API server does not let this machine in is opened by %s, and loses nothing",
    async (way) => {
      await up();
      const opened = ["198.18.0.7/32"];
      const cluster = () => world.aws.ofType(types.cluster)[0]?.inputs ?? {};
      const cidrs = () => at(cluster(), "vpcConfig.publicAccessCidrs");
      world.kubernetes.reachable = () => JSON.stringify(cidrs()) === JSON.stringify(opened);
      await engine.configure({ ...smallCluster, "calico-ebpf-eks:cluster": { publicAccessCidrs: opened } });
      const before = await urns();
      expect(documentedTarget).toBe("**$aws:eks/cluster:Cluster::**");
      const targets = [String(documentedTarget)];

      // The chart is evaluated in every preview, whatever the target.
      for (const some of [[], targets]) {
        const error = await engine.preview(undefined, some).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(EngineError);
        expect(String(error)).toContain("configured Kubernetes cluster is unreachable");
      }

      if (way === "EKS's own API") {
        Object.assign(cluster()["vpcConfig"] as object, { publicAccessCidrs: opened });
        await engine.refresh();
      } else {
        // The Automation API runs the CLI with this target, and previews nothing before an up, as `--skip-preview`.
        await engine.up(undefined, [], false, targets);
        expect(cidrs()).toEqual(opened);
      }
      await engine.up();

      expect(await urns()).toEqual(before);
      expect(await engine.preview()).toEqual(onlySame);
    },
  );
});

async function urns(): Promise<string[]> {
  const { resources } = (await engine.deployment()) as { resources: readonly { urn: string }[] };
  return resources.map(({ urn }) => urn).toSorted();
}
