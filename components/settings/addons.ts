import { z } from "zod";
import { policyArn, text } from "./formats.ts";

const arn = policyArn(
  "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  "arn:aws:iam::111122223333:policy/orders-queue",
);

const action = text({
  fits: /^[a-z0-9-]+:[A-Za-z0-9*?]+$/,
  needs: "must be an IAM action: a service, a colon and the action's name",
  examples: ["s3:GetObject", "sqs:SendMessage"],
});

const resource = text({
  fits: /^(\*|arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:(\d{12}|aws|\*)?:\S+)$/,
  needs: "must be an ARN, or *",
  examples: ["arn:aws:s3:::orders-archive/*", "arn:aws:sqs:eu-west-1:111122223333:orders"],
});

const statement = z
  .strictObject({
    effect: z.enum(["Allow", "Deny"]).default("Allow").describe("Whether the actions are allowed."),
    actions: z.array(action).min(1).describe("IAM actions, such as s3:GetObject."),
    resources: z.array(resource).min(1).describe("ARNs that the actions apply to, or *."),
    conditions: z
      .record(z.string(), z.record(z.string(), z.array(z.string()).min(1)))
      .default({})
      .describe("Operator, condition key and a list of values, as in IAM."),
  })
  .describe("One statement of an IAM policy.");

const permissions = {
  managedPolicyArns: z
    .array(arn)
    .max(10)
    .default([])
    .describe("Policies to attach to the role; IAM allows ten."),
  statements: z.array(statement).default([]).describe("Further permissions of the role, as statements."),
};

/** Name of a service account. */
const serviceAccountName = text({
  fits: /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  needs: "must be a service account's name: lower-case letters, digits, - and .",
  examples: ["orders", "payments-worker"],
});

/** Name of a namespace. */
export const namespaceName = text({
  fits: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  needs: "must be a namespace's name: up to 63 lower-case letters, digits and -",
  examples: ["shop", "payments"],
});

/** Settings of the credentials of an add-on's pods. */
const addonPodIdentity = z
  .strictObject({
    serviceAccount: serviceAccountName.describe("Service account of the add-on's pods."),
    namespace: namespaceName.default("kube-system").describe("Namespace of the add-on's pods."),
    ...permissions,
  })
  .describe("AWS credentials for the add-on's pods, through EKS Pod Identity.");

const podIdentityName = text({
  fits: /^[a-z0-9]([a-z0-9-]{0,17}[a-z0-9])?$/,
  needs:
    "must be 1 to 19 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
  examples: ["orders", "payments"],
});

/** Settings under `podIdentities`. */
export const podIdentities = z
  .record(
    podIdentityName,
    z.strictObject({
      namespace: namespaceName.describe("Namespace of the pods."),
      serviceAccount: serviceAccountName.describe("Service account of the pods."),
      ...permissions,
    }),
  )
  .default({})
  .describe("AWS credentials for pods by service account, through EKS Pod Identity.");

/** Permissions of a role, complete. */
export type PolicyStatement = Readonly<z.output<typeof statement>>;

const addonName = text({
  fits: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
  needs: "must be the name of an EKS add-on",
  examples: ["aws-ebs-csi-driver", "snapshot-controller"],
});

const addon = z.strictObject({
  version: text({
    fits: /^v?\d+\.\d+\.\d+\S*$/,
    needs: "must be a version of the add-on",
    examples: ["v1.62.0-eksbuild.1", "v0.8.1-eksbuild.2"],
  })
    .optional()
    .describe("Version of the add-on; unset: EKS's default, looked up at every run."),
  configuration: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Configuration values, as in the add-on's JSON schema."),
  podIdentity: addonPodIdentity.optional(),
});

/** Settings under `addons`. */
export const addons = z
  .record(addonName, addon)
  .default({})
  .describe("EKS add-ons by name, installed once Calico and DNS work; not CoreDNS and kube-proxy.");

/** One add-on, complete except for its version. */
export type AddonSettings = Readonly<z.output<typeof addon>>;
