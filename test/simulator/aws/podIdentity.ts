import { resourceId } from "./ids.ts";
import type { AwsObject, Cloud, Request, Row } from "./model.ts";
import { conditionHolds, statementsOf, trusts } from "./policies.ts";
import { toCluster } from "./references.ts";
import { types } from "./types.ts";
import { at, record, text } from "./values.ts";

const service = "pods.eks.amazonaws.com";

/** Roles and trust policies, in EKS's words: hashicorp/terraform-provider-aws#34711 and #41483. */
function refusesAssociation({ inputs, cloud }: Request): string | undefined {
  const arn = text(inputs, "roleArn");
  const role = cloud.ofType(types.role).find(({ outputs }) => text(outputs, "arn") === arn);
  if (role === undefined) {
    return "InvalidParameterException: Role provided in the request does not exist.";
  }
  return trusts(at(role.inputs, "assumeRolePolicy"), service, ["sts:AssumeRole", "sts:TagSession"])
    ? undefined
    : "InvalidParameterException: Trust policy of the role provided is invalid. Follow the official documentation to resolve the issue.";
}

function sameAccount(one: AwsObject["inputs"], other: AwsObject["inputs"]): boolean {
  return ["clusterName", "namespace", "serviceAccount"].every(
    (name) => text(one, name) === text(other, name),
  );
}

/** AWS credentials for a service account. EKS takes one without an agent; the pods then have none. */
export const podIdentityRow: Row = {
  type: types.podIdentityAssociation,
  requires: ["clusterName", "namespace", "serviceAccount", "roleArn"],
  allows: ["tags"],
  references: [{ property: "clusterName", ...toCluster, onDelete: "goes" }],
  replaces: ["clusterName", "namespace", "serviceAccount"],
  refuses: (request) => {
    const { inputs, cloud, self } = request;
    const other = cloud
      .ofType(types.podIdentityAssociation)
      .find((one) => one !== self && sameAccount(one.inputs, inputs));
    return other === undefined
      ? refusesAssociation(request)
      : `ResourceInUseException: Association already exists: ${other.id}`;
  },
  id: (_, seed) => resourceId("a", seed),
  outputs: {
    associationId: ({ id }) => id,
    associationArn: ({ cloud, inputs, id }) =>
      cloud.arn("eks", `podidentityassociation/${text(inputs, "clusterName")}/${id}`),
  },
};

/** Why the pods of an association would get no credentials; undefined: they get them. */
export function credentialsProblem({ inputs }: AwsObject, cloud: Pick<Cloud, "ofType">): string | undefined {
  const clusterName = text(inputs, "clusterName");
  const hasAgent = cloud
    .ofType(types.addon)
    .some(
      (addon) =>
        text(addon.inputs, "clusterName") === clusterName &&
        text(addon.inputs, "addonName") === "eks-pod-identity-agent",
    );
  if (!hasAgent) return "nothing listens on 169.254.170.23: there is no add-on eks-pod-identity-agent";
  const arn = text(inputs, "roleArn");
  const role = cloud.ofType(types.role).find(({ outputs }) => text(outputs, "arn") === arn);
  const tags = {
    "aws:RequestTag/eks-cluster-name": clusterName,
    "aws:RequestTag/kubernetes-namespace": text(inputs, "namespace"),
    "aws:RequestTag/kubernetes-service-account": text(inputs, "serviceAccount"),
  };
  const isTrusted = statementsOf(at(role?.inputs ?? {}, "assumeRolePolicy")).some((statement) =>
    conditionHolds(record(statement, "Condition"), tags),
  );
  return isTrusted ? undefined : `AccessDeniedException: ${arn} does not trust this service account`;
}

/** The role that the pods of a service account get; undefined: there is no association, and they have the node's. */
export function roleOfPods(
  cloud: Pick<Cloud, "ofType">,
  namespace: string,
  serviceAccount: string,
): { readonly roleArn: string; readonly problem: string | undefined } | undefined {
  const association = cloud
    .ofType(types.podIdentityAssociation)
    .find(
      ({ inputs }) =>
        text(inputs, "namespace") === namespace && text(inputs, "serviceAccount") === serviceAccount,
    );
  if (association === undefined) return undefined;
  return { roleArn: text(association.inputs, "roleArn"), problem: credentialsProblem(association, cloud) };
}
