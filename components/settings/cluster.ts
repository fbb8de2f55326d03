import { z } from "zod";
import { cidr, securityGroupId, text } from "./formats.ts";

/** All control-plane log types. Source: EKS user guide, control-plane-logs (2026-11). */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** Retention periods that CloudWatch Logs accepts. Source: PutRetentionPolicy API reference (2026-11). */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const secretsKey =
  /^(create|aws-owned|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/([0-9a-f-]{36}|mrk-[0-9a-f]{32}))$/;

const clusterName = /^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$/;

/** What a cluster's name needs. EKS allows 100 characters; roles and node groups named after it leave room for 32. */
export const clusterNameNeeds =
  "must be 1 to 32 letters, digits, hyphens and underscores, beginning with a letter or digit";

/** Whether the text can name a cluster. */
export function isClusterName(name: string): boolean {
  return clusterName.test(name);
}

/** Settings under `cluster`. */
export const cluster = z
  .strictObject({
    name: text({ fits: clusterName, needs: clusterNameNeeds, examples: ["platform", "trial"] })
      .optional()
      .describe("Physical name of the cluster; unset: <project>-<stack>."),
    kubernetesVersion: text({
      fits: /^\d+\.\d+$/,
      needs: "must be a Kubernetes minor version",
      examples: ["1.35", "1.36"],
    })
      .default("1.35")
      .describe("Kubernetes minor version, in quotes."),
    publicAccessCidrs: z
      .array(cidr("198.18.0.7/32", "198.18.0.0/24"))
      .describe(
        "Ranges that may reach the public endpoint, including the machine that runs Pulumi; [] for a private endpoint only.",
      ),
    privateAccessCidrs: z
      .array(cidr("10.60.0.0/16", "10.61.8.0/24"))
      .default([])
      .describe(
        "Ranges inside the VPC or connected to it that may reach the private endpoint: the machine that runs Pulumi, bastions. Needed with a public endpoint, too: inside the VPC, its name resolves to private addresses.",
      ),
    privateAccessSecurityGroupIds: z
      .array(securityGroupId)
      .default([])
      .describe("Security groups, in the VPC or a peered one, whose members may reach the private endpoint."),
    allowPublicAnywhere: z.boolean().default(false).describe("Accept 0.0.0.0/0 in publicAccessCidrs."),
    admins: z
      .array(
        text({
          fits: /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/\S+$/,
          needs: "must be the ARN of an IAM role or user",
          examples: ["arn:aws:iam::111122223333:role/platform", "arn:aws:iam::111122223333:user/operator"],
        }),
      )
      .default([])
      .describe("IAM roles and users with full access, in addition to the one that creates the cluster."),
    serviceCidr: cidr("172.20.0.0/16", "10.100.0.0/16")
      .default("172.20.0.0/16")
      .describe("Addresses of services, outside the VPC; a prefix from /12 to /24."),
    logTypes: z
      .array(z.enum(logTypes))
      .default([...logTypes])
      .describe("Control-plane logs to keep."),
    logRetentionDays: z
      .literal([...retentionDays])
      .default(90)
      .describe("Days to keep the logs."),
    secretsKey: text({
      fits: secretsKey,
      needs: "must be create, aws-owned or the ARN of a KMS key",
      examples: [
        "create",
        "aws-owned",
        "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789",
      ],
      about: () => ({
        needs: "must be create, aws-owned or the ARN of a KMS key",
        fix: "Write one of them",
      }),
    })
      .default("create")
      .describe(
        "Key that encrypts secrets: create (a KMS key of this stack), aws-owned, or a KMS key's ARN.",
      ),
    support: z
      .enum(["STANDARD", "EXTENDED"])
      .default("STANDARD")
      .describe(
        "STANDARD: AWS upgrades the cluster when standard support ends. EXTENDED: costs six times as much from then on.",
      ),
    oidcProvider: z
      .boolean()
      .default(false)
      .describe(
        "IAM identity provider of the cluster's service accounts, for IAM roles that trust it (IRSA); podIdentities need none.",
      ),
    deletionProtection: z.boolean().default(false).describe("Refuse to delete the cluster."),
  })
  .describe("The EKS control plane.");
