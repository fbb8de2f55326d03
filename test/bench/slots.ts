import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { program } from "../../infra/program.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import type { Figure } from "./measure.ts";

const [poolCount, slots] = [9, 2];

/** Whether a stack with more node pools than the engine has slots comes up: no figure of time. */
export async function slotsFigures(root: string, command: PulumiCommand): Promise<Figure[]> {
  const pool = { size: { min: 1, desired: 1, max: 1 } };
  const config = {
    "aws:region": "eu-west-1",
    "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
    "calico-ebpf-eks:nodePools": Object.fromEntries(
      Array.from({ length: poolCount }, (_, index) => [`pool${index + 1}`, pool]),
    ),
  };
  const { resources, problems } = await rehearse({
    program,
    command,
    root,
    settings: stackSettings({ name: "dev", file: "the benchmark", config }),
    config,
    until: "up",
    parallel: slots,
  });
  const up = resources.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup").length;
  return [
    {
      name: "node pools that do not come up",
      found: poolCount - up + problems.length,
      limit: 0,
      unit: "",
      detail: `${poolCount} pools, ${slots} slots of the engine; ${problems.length} problems`,
    },
  ];
}
