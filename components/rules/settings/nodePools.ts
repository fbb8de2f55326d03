import { z } from "zod";
import { text, wholeNumber } from "./formats.ts";

const size = z
  .strictObject({
    min: wholeNumber(0, 1000).default(2).describe("Fewest nodes."),
    desired: wholeNumber(0, 1000).default(2).describe("Nodes at the start, and whenever it is changed."),
    max: wholeNumber(1, 1000).default(4).describe("Most nodes; addresses are planned for as many."),
  })
  .describe("How many nodes.");

const taint = z.strictObject({
  key: z.string().min(1).max(63),
  value: z.string().max(63).optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** Settings of one node pool. */
export const nodePool = z.strictObject({
  family: z.enum(["AL2023", "Bottlerocket"]).default("AL2023").describe("Operating system of the nodes."),
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64").describe("Processor of the nodes."),
  instanceTypes: z
    .array(
      text(/^[a-z0-9-]+\.[a-z0-9-]+$/, {
        needs: "the name of an EC2 instance type is needed",
        fix: "Write it like m7i.large",
      }),
    )
    .min(1)
    .max(20)
    .optional()
    .describe("EC2 instance types, in order of preference; unset: m7i.large, or m7g.large on arm64."),
  capacity: z.enum(["ON_DEMAND", "SPOT"]).default("ON_DEMAND").describe("How instances are paid for."),
  size: size.prefault({}),
  release: z
    .string()
    .default("latest")
    .describe(
      "AMI release, pinned like 1.35.6-20260714; latest: looked up at every run, so that a run may roll nodes.",
    ),
  maxPods: wholeNumber(4, 250).default(110).describe("Most pods on a node."),
  diskGib: wholeNumber(20, 16384).default(20).describe("Size of the encrypted gp3 volume, in GiB."),
  labels: z.record(z.string().min(1).max(317), z.string().max(63)).default({}).describe("Node labels."),
  taints: z.array(taint).max(50).default([]).describe("Node taints."),
});

const poolName = text(/^[a-z][a-z0-9-]{0,19}$/, {
  needs: "a pool's name needs 1 to 20 lower-case letters, digits and hyphens, a letter first",
  fix: "Rename it",
});

/** Settings under `nodePools`. */
export const nodePools = z
  .record(poolName, nodePool)
  .describe("Managed node groups, by name. Giving any replaces the default pool.");
