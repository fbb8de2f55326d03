import { type Access, type Scope, serviceLinkedRoles } from "./facts/scopes.ts";

/** Whose resources a policy is about. */
export interface Place {
  /** `aws` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Physical name; roles, node groups and log groups are named after it. */
  readonly clusterName: string;
  /** As `cluster.secretsKey`: `create`, `aws-owned` or a key's ARN. */
  readonly secretsKey: string;
  /** ARN of the boundary that every role must have; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  /** Policies that may be attached: those of AWS by name, with a path where they have one; the account's own by ARN. */
  readonly attachedPolicies: readonly string[];
  /** Whether there are spot instances, whose role is created with the first one. */
  readonly spot: boolean;
  /** Whether pods get credentials through EKS Pod Identity, to which their roles are passed. */
  readonly podIdentity: boolean;
}

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What a statement is restricted to. */
export interface Hold {
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
}

/** What the actions of each scope are restricted to; undefined: they are not needed. */
export const holds: Readonly<Record<Scope, (place: Place, access: Access) => Hold | undefined>> = {
  anything: () => ({ Resource: "*" }),
  region: ({ region }) => ({
    Resource: "*",
    Condition: { StringEquals: { "aws:RequestedRegion": region } },
  }),
  ec2: (place) => ({ Resource: arn(place, "ec2", "*") }),
  // Images and snapshots are of another account. Started by the launch template only.
  instance: (place) => ({
    Resource: [
      arn(place, "ec2", "*"),
      arn({ ...place, accountId: "" }, "ec2", "image/*"),
      arn({ ...place, accountId: "" }, "ec2", "snapshot/*"),
    ],
    Condition: { ArnLike: { "ec2:LaunchTemplate": arn(place, "ec2", "launch-template/*") } },
  }),
  eksCluster: (place) => ({ Resource: arn(place, "eks", `cluster/${place.clusterName}`) }),
  eksPart: (place) => ({ Resource: eksParts(place) }),
  eksAny: (place) => ({ Resource: [arn(place, "eks", `cluster/${place.clusterName}`), ...eksParts(place)] }),
  accessPolicy: (place) => ({
    Resource: arn(place, "eks", `access-entry/${place.clusterName}/*`),
    Condition: {
      ArnEquals: {
        "eks:policyArn": `arn:${place.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
      },
    },
  }),
  role: (place) => ({ Resource: roles(place) }),
  // On creation, AWS looks up its service-linked roles on behalf of the caller.
  readRole: (place, access) => ({
    Resource: access === "preview" ? roles(place) : [roles(place), ...linkedRoles(place)],
  }),
  boundedRole: (place) => ({ Resource: roles(place), ...conditioned(bounded(place)) }),
  // A caller that may remove the boundary is not bounded.
  unboundRole: (place) => (place.permissionsBoundary === undefined ? { Resource: roles(place) } : undefined),
  attachment: (place) => ({
    Resource: roles(place),
    Condition: {
      ...bounded(place),
      ArnEquals: {
        "iam:PolicyARN": place.attachedPolicies.map((name) =>
          name.startsWith("arn:") ? name : `arn:${place.partition}:iam::aws:policy/${name}`,
        ),
      },
    },
  }),
  passedRole: (place) => ({
    Resource: roles(place),
    Condition: {
      StringEquals: {
        "iam:PassedToService": [
          "ec2.amazonaws.com",
          "eks.amazonaws.com",
          ...(place.podIdentity ? ["pods.eks.amazonaws.com"] : []),
          "vpc-flow-logs.amazonaws.com",
        ],
      },
    },
  }),
  serviceLinkedRole: (place) => ({
    Resource: iamArn(place, "role/aws-service-role/*"),
    Condition: {
      StringEquals: {
        "iam:AWSServiceName": linkedServices(place).map(([service]) => service),
      },
    },
  }),
  // What comes after id/ is not known before the cluster is there.
  oidcProvider: (place) => ({
    Resource: iamArn(place, `oidc-provider/oidc.eks.${place.region}.amazonaws.com/id/*`),
  }),
  key: (place) => {
    if (place.secretsKey === "aws-owned") return undefined;
    // The ID of a key that does not exist yet is unknown.
    return { Resource: place.secretsKey === "create" ? arn(place, "kms", "key/*") : place.secretsKey };
  },
  alias: (place) => ({
    Resource: [arn(place, "kms", `alias/eks/${place.clusterName}`), arn(place, "kms", "key/*")],
  }),
  logGroup: (place) => ({
    Resource: [
      arn(place, "logs", `log-group:/aws/eks/${place.clusterName}/cluster*`),
      arn(place, "logs", `log-group:${place.clusterName}-network-flow-logs-*`),
    ],
  }),
  instanceProfile: (place) => ({ Resource: iamArn(place, `instance-profile/${place.clusterName}-*`) }),
  eventRule: (place) => ({ Resource: arn(place, "events", `rule/${place.clusterName}-*`) }),
  queue: (place) => ({ Resource: arn(place, "sqs", `${place.clusterName}-*`) }),
  parameter: (place) => ({
    Resource: arn({ ...place, accountId: "" }, "ssm", "parameter/aws/service/*"),
  }),
  hostedZone: ({ partition }) => ({ Resource: `arn:${partition}:route53:::hostedzone/*` }),
};

function arn(
  { partition, region, accountId }: Pick<Place, "accountId" | "partition" | "region">,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

function iamArn({ partition, accountId }: Place, resource: string): string {
  return `arn:${partition}:iam::${accountId}:${resource}`;
}

function roles(place: Place): string {
  return iamArn(place, `role/${place.clusterName}-*`);
}

/** Services whose service-linked role must exist, sorted by name. */
function linkedServices({ spot }: Pick<Place, "spot">) {
  return Object.entries(serviceLinkedRoles)
    .filter(([, { spotOnly }]) => spot || !spotOnly)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function linkedRoles(place: Place): string[] {
  return linkedServices(place).map(([service]) => iamArn(place, `role/aws-service-role/${service}/*`));
}

function eksParts(place: Place): string[] {
  const associations = place.podIdentity ? ["podidentityassociation"] : [];
  return ["access-entry", "addon", "nodegroup", ...associations].map((part) =>
    arn(place, "eks", `${part}/${place.clusterName}/*`),
  );
}

function bounded({ permissionsBoundary }: Place): Condition {
  if (permissionsBoundary === undefined) return {};
  return { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
}

function conditioned(condition: Condition): { readonly Condition?: Condition } {
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}
