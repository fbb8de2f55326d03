/** Entry of the eks component's `accessEntries`. */
interface AccessEntry {
  readonly principalArn: string;
  readonly accessPolicies: Record<
    string,
    { readonly policyArn: string; readonly accessScope: { readonly type: "cluster" } }
  >;
}

/**
 * Access entries that give each principal the whole cluster. Keys come from the ARN, so that adding one admin leaves
 * the entries of the others alone: `arn:aws:iam::111122223333:role/platform` becomes `111122223333/role/platform`,
 * which no other ARN does.
 */
export function accessEntries(admins: readonly string[], partition: string): Record<string, AccessEntry> {
  const policyArn = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  return Object.fromEntries(
    admins.map((principalArn) => [
      principalArn.split(":").slice(4).join("/"),
      { principalArn, accessPolicies: { admin: { policyArn, accessScope: { type: "cluster" } } } },
    ]),
  );
}
