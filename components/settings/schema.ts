import { z } from "zod";
import { account } from "./account.ts";
import { calico } from "./calico.ts";
import { cluster } from "./cluster.ts";
import { cidr, text } from "./formats.ts";
import { iam } from "./iam.ts";
import { network } from "./network.ts";
import { networkPolicies } from "./networkPolicies.ts";
import { nodePools } from "./nodePools.ts";
import { observability } from "./observability.ts";

const nodePorts = z
  .strictObject({
    clients: z
      .array(cidr("198.51.100.0/24", "10.0.0.0/8"))
      .optional()
      .describe("Who may reach NodePorts; unset: the VPC."),
  })
  .describe("Services of type NodePort.");

const tagKey = text({
  fits: /^(?![aA][wW][sS]:)[\p{L}\p{N} +\-=._:/@]{1,128}$/u,
  needs: "AWS takes 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:",
  examples: ["environment", "team"],
});

const tagValue = text({
  fits: /^[\p{L}\p{N} +\-=._:/@]{0,256}$/u,
  needs: "AWS takes up to 256 letters, digits, spaces and + - = . _ : / @",
  examples: ["prod", "dev"],
});

/** The settings of a stack, by key of the project's namespace, in the order in which problems are reported. */
export const settingsSchema = z.strictObject({
  account: account.prefault({}),
  network: network.prefault({}),
  cluster,
  nodePools: nodePools.prefault({ default: {} }),
  calico: calico.prefault({}),
  kubeProxy: z
    .enum(["Absent", "Parked", "Running"])
    .default("Absent")
    .describe("Absent: never installed. Parked: installed, on no node. Running: on every node."),
  nodePorts: nodePorts.prefault({}),
  iam: iam.prefault({}),
  networkPolicies: networkPolicies.prefault({}),
  observability: observability.prefault({}),
  tags: z.record(tagKey, tagValue).default({}).describe("Tags for everything that can carry them."),
});

/** A stack's settings as written. */
export type WrittenSettings = z.input<typeof settingsSchema>;

/** A stack's settings, complete and sound in form. */
export type StackSettings = z.output<typeof settingsSchema>;
