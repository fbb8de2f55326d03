import { z } from "zod";
import { calico } from "./calico.ts";
import { text, wholeNumber } from "./formats.ts";
import { account } from "./schema.ts";
import type { DeepReadonly } from "./settings.ts";

const apiServer = z
  .strictObject({
    host: text({
      fits: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
      needs: "must be a host name or an IPv4 address, without scheme and port",
      examples: ["api.internal.example.com", "198.51.100.10"],
    }).describe(
      "Name or address of the API server or of the load balancer in front of it; not of a service.",
    ),
    port: wholeNumber(1, 65535).describe("Its port."),
  })
  .describe("Address at which every node reaches the API server without a service.");

const existing = z
  .strictObject({
    eksName: text({
      fits: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
      needs: "must be the name of an EKS cluster",
      examples: ["platform", "trial"],
    })
      .optional()
      .describe("Name of an EKS cluster in aws:region."),
    kubeconfig: text({
      fits: /\S/,
      needs: "must be the path of a kubeconfig file",
      examples: ["~/.kube/config", "kubeconfig.json"],
    })
      .optional()
      .describe("Kubeconfig of any cluster, in place of eksName; a path from the project's folder, or ~/…"),
    context: text({
      fits: /\S/,
      needs: "must be the name of a context",
      examples: ["admin@platform", "trial"],
    })
      .optional()
      .describe("Context of the kubeconfig; unset: its current one."),
    apiServer: apiServer.optional(),
  })
  .describe("An existing cluster; only its data path is managed.");

const cni = z
  .enum(["Calico", "AmazonVPC"])
  .optional()
  .describe(
    "Where pods get their addresses: Calico or AmazonVPC, the AWS VPC CNI. It is not changed; unset: detected.",
  );

/** Settings of a stack that adopts a cluster, by key of the project's namespace. */
export const existingSchema = z.strictObject({
  account: account.omit({ quotas: true }).prefault({}).describe("The AWS account."),
  cluster: z.strictObject({ existing }).describe("The existing cluster to adopt."),
  calico: calico
    .pick({ dataplane: true, externalService: true, dsrOptOutCidrs: true })
    .extend({ cni })
    .prefault({})
    .describe("Calico's data path."),
  kubeProxy: z
    .enum(["Parked", "Running"])
    .default("Parked")
    .describe("Parked: kept from every node. Running: on every node, and left alone by Calico."),
});

/** The settings, complete and sound in form. */
export type ExistingStackSettings = z.output<typeof existingSchema>;

/** Where every node reaches the API server. */
export interface ApiServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The cluster to adopt: on EKS by its name, any other by a kubeconfig. */
export type ExistingCluster =
  | { readonly kind: "eks"; readonly name: string }
  | {
      readonly kind: "kubeconfig";
      /** The path as in the stack file. */
      readonly file: string;
      /** Unset: the file's current one. */
      readonly context: string | undefined;
      readonly apiServer: ApiServerAddress;
    };

/** The settings of a stack that adopts a cluster, complete. Frozen. */
export interface ExistingSettings
  extends DeepReadonly<Pick<ExistingStackSettings, "account" | "calico" | "kubeProxy">> {
  readonly project: string;
  readonly stack: string;
  /** AWS region, from `aws:region`; "" when none is named. */
  readonly region: string;
  /** Profile of the AWS configuration files, from `aws:profile`; unset: the ambient credentials. */
  readonly profile: string | undefined;
  readonly cluster: ExistingCluster;
}
