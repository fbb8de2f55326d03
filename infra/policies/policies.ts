import { endpointNotOpenToTheWorld, logsKept, secretsEncrypted } from "./controlPlane.ts";
import { deletedWithCluster } from "./deletion.ts";
import { noWildcardIamAction } from "./iamActions.ts";
import { noOpenIngress } from "./ingress.ts";
import { encryptedVolumes, imdsv2OneHop } from "./instances.ts";
import { oneNodeSubnetUnderDsr } from "./nodeSubnets.ts";
import { noKubeProxyBesideEbpf, noVpcCni } from "./otherDataplanes.ts";
import { noChoices, type Policy, type PolicyChoices, type PolicyResource, type Violation } from "./policy.ts";
import { privateNodes } from "./privateNodes.ts";
import { tagsPresent } from "./tags.ts";

/** Every policy, in the order in which they are reported. */
export const policies: readonly Policy[] = [
  noVpcCni,
  noKubeProxyBesideEbpf,
  oneNodeSubnetUnderDsr,
  imdsv2OneHop,
  encryptedVolumes,
  noOpenIngress,
  privateNodes,
  noWildcardIamAction,
  endpointNotOpenToTheWorld,
  secretsEncrypted,
  logsKept,
  tagsPresent,
  deletedWithCluster,
];

/** A violation with its policy. */
export interface Finding extends Violation {
  readonly policy: string;
}

/** Every violation in a stack, by policy. */
export function findings(
  resources: readonly PolicyResource[],
  choices: PolicyChoices = noChoices,
): Finding[] {
  return policies.flatMap((policy) =>
    violationsOf(policy, resources, choices).map((violation) => ({ policy: policy.name, ...violation })),
  );
}

function violationsOf(
  policy: Policy,
  resources: readonly PolicyResource[],
  choices: PolicyChoices,
): Violation[] {
  if (policy.of === "stack") return policy.violations(resources, choices);
  return resources.flatMap((one) =>
    [policy.violations(one, choices)].flat().map((message) => ({ urn: one.urn, message })),
  );
}
