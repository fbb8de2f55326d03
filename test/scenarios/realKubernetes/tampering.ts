import type { Registration, Tampering } from "../tampering.ts";

const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration";
const configMapType = "kubernetes:core/v1:ConfigMap";
const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";
const installationType = "kubernetes:operator.tigera.io/v1:Installation";

/** Changes the spec of one resource. */
function specOf(match: (registration: Registration) => boolean, spec: object): Tampering {
  return (one) =>
    match(one) ? { props: { ...one.props, spec: { ...one.props.spec, ...spec } } } : undefined;
}

export function installationWith(spec: object): Tampering {
  return specOf(({ type }) => type === installationType, spec);
}

export function felixWith(spec: object): Tampering {
  return specOf(({ type }) => type === felixType, spec);
}

/** Changes what is patched in an add-on's workload. */
export function patchOf(name: string, spec: object, annotations: object = {}): Tampering {
  return ({ type, props }) =>
    type.endsWith("Patch") && props.metadata?.name === name
      ? annotated({ ...props, spec: { ...props.spec, ...spec } }, annotations)
      : undefined;
}

/** Lets gates wait for something else; by the gate's name. */
export function gatesWaitFor(expressions: Readonly<Record<string, string>>): Tampering {
  return ({ type, name, props }) => {
    const waitFor = expressions[name];
    return waitFor === undefined || !type.endsWith("Patch")
      ? undefined
      : annotated(props, { "pulumi.com/waitFor": waitFor });
  };
}

/** Misspells the ConfigMap that tells the operator where the API server is. */
export const withoutEndpoint: Tampering = ({ type, props }) =>
  type === configMapType
    ? { props: { ...props, metadata: { ...props.metadata, name: "kubernetes-service-endpoint" } } }
    : undefined;

/** Lets Felix change the source/destination check under a condition that never holds. */
export const felixNeverAllowed: Tampering = ({ type, name, props }) =>
  type === rolePolicyType && name.endsWith("-felix")
    ? { props: { ...props, policy: neverAllowed } }
    : undefined;

const neverAllowed = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
    {
      Effect: "Allow",
      Action: "ec2:ModifyNetworkInterfaceAttribute",
      Resource: "*",
      Condition: { StringEquals: { "ec2:Attribute/SourceDestCheck": "true" } },
    },
  ],
});

function annotated(props: Registration["props"], annotations: object): { props: Registration["props"] } {
  const { metadata } = props;
  return {
    props: { ...props, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } },
  };
}
