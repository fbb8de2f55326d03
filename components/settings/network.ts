import { z } from "zod";
import { cidr, text, wholeNumber } from "./formats.ts";

const subnetId = text({
  fits: /^subnet-[0-9a-f]{8,17}$/,
  needs: "the id of a subnet is needed",
  examples: ["subnet-0a1b2c3d4e5f67890", "subnet-0f9e8d7c6b5a43210"],
});

const existing = z
  .strictObject({
    vpcId: text({
      fits: /^vpc-[0-9a-f]{8,17}$/,
      needs: "the id of a VPC is needed",
      examples: ["vpc-0a1b2c3d4e5f67890", "vpc-0f9e8d7c6b5a43210"],
    }).describe("VPC that holds all the subnets; DNS hostnames and DNS support must be on."),
    controlPlaneSubnetIds: z
      .array(subnetId)
      .min(2)
      .describe("Subnets for the control plane's network interfaces, in at least two zones."),
    nodeSubnetIds: z.array(subnetId).min(1).describe("Subnets for nodes. DSR needs exactly one."),
  })
  .describe(
    "A network that is already there, instead of one of our own; excludes every other network setting.",
  );

/** Settings under `network`. */
export const network = z
  .strictObject({
    vpcCidr: cidr("10.40.0.0/16", "172.24.0.0/16")
      .default("10.40.0.0/16")
      .describe("Addresses of the VPC; a prefix from /16 to /24."),
    nodeZones: z
      .array(
        text({
          fits: /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
          needs: "the name of an availability zone is needed",
          examples: ["eu-west-1a", "us-east-1b"],
        }),
      )
      .min(1)
      .optional()
      .describe("Zones for nodes, one subnet each; unset: the first zone that offers every instance type."),
    nodePrefix: wholeNumber(16, 28).default(20).describe("Prefix length of each node subnet."),
    natGateway: z
      .boolean()
      .default(true)
      .describe(
        "A way out for nodes. false: interface endpoints instead, and images from calico.registry only.",
      ),
    flowLogs: z.boolean().default(false).describe("VPC flow logs to CloudWatch, all traffic."),
    existing: existing.optional(),
  })
  .describe("The VPC and its subnets.");
