import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

/** A resource that the program is about to register. */
export interface Registration {
  readonly resource: pulumi.Resource;
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the resource takes
  readonly props: any;
  readonly opts: pulumi.ResourceOptions;
}

/** What to register instead; undefined: as it is. */
export type Tampering = (
  registration: Registration,
) => Partial<Pick<Registration, "props" | "opts">> | undefined;

/** The program with a mistake in it, as someone might make it. */
export function tampered(program: PulumiFn, tampering: Tampering): PulumiFn {
  return async () => {
    pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
      const changed = tampering({ resource, type, name, props, opts });
      return changed === undefined
        ? undefined
        : { props: changed.props ?? props, opts: changed.opts ?? opts };
    });
    return program();
  };
}

/** The order of before: nodes after the endpoint alone, the operator awaited, and Calico after it. */
export function inTheOldOrder(): Tampering {
  let endpoint: pulumi.Resource | undefined;
  let operator: pulumi.Resource | undefined;
  const inCluster = new Set<pulumi.Resource>();
  return ({ resource, type, props, opts }) => {
    if (type.startsWith("kubernetes:")) inCluster.add(resource);
    const dependsOn = [(opts as pulumi.CustomResourceOptions).dependsOn ?? []].flat() as pulumi.Resource[];
    if (type === "kubernetes:core/v1:ConfigMap") endpoint = resource;
    if (type === "kubernetes:helm.sh/v4:Chart") {
      operator = resource;
      return { props: { ...props, skipAwait: false } };
    }
    if (endpoint === undefined || operator === undefined) return undefined;
    if (type === "aws:eks/nodeGroup:NodeGroup") {
      const onAws = dependsOn.filter(
        (one) => !(one instanceof pulumi.ComponentResource) && !inCluster.has(one),
      );
      return { opts: { ...opts, dependsOn: [...onAws, endpoint] } };
    }
    return type === "kubernetes:crd.projectcalico.org/v1:FelixConfiguration"
      ? { opts: { ...opts, dependsOn: [...dependsOn, operator] } }
      : undefined;
  };
}

/** Waits for the operator, whose pod needs a node, before the first node group starts. */
export const withAwaitedOperator: Tampering = ({ type, props }) =>
  type === "kubernetes:helm.sh/v4:Chart" ? { props: { ...props, skipAwait: false } } : undefined;

/** Hides the Installation from the operator, which reads only the one named default. */
export const withoutInstallation: Tampering = ({ type, props }) =>
  type === "kubernetes:operator.tigera.io/v1:Installation"
    ? { props: { ...props, metadata: { ...props.metadata, name: "another" } } }
    : undefined;

/** Opens another port instead of the one that a firewall rule is there for. */
export function withoutRule(key: string): Tampering {
  return ({ type, name, props }) =>
    type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" && name.endsWith(`-${key}`)
      ? { props: { ...props, fromPort: 1, toPort: 1 } }
      : undefined;
}

/** Gives the nodes a policy that lets Felix look, and change nothing. */
export const withoutFelixPermission: Tampering = ({ type, name, props }) =>
  type === "aws:iam/rolePolicy:RolePolicy" && name.endsWith("-felix")
    ? { props: { ...props, policy: lookOnly } }
    : undefined;

const lookOnly = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" }],
});

/** Switches eBPF on by hand, as guides of old say. */
export const withBpfEnabled: Tampering = ({ type, props }) =>
  type === "kubernetes:crd.projectcalico.org/v1:FelixConfiguration"
    ? { props: { ...props, spec: { ...props.spec, bpfEnabled: true } } }
    : undefined;

/** Lets the operator ask CoreDNS. */
export const withClusterDns: Tampering = ({ type, props }) =>
  type === "kubernetes:helm.sh/v4:Chart"
    ? { props: { ...props, values: { ...props.values, dnsPolicy: "ClusterFirstWithHostNet" } } }
    : undefined;

/** Names another host than the API server's to the operator. */
export function withEndpoint(host: string): Tampering {
  return ({ type, name, props }) =>
    type === "kubernetes:core/v1:ConfigMap" && name.includes("endpoint")
      ? { props: { ...props, data: { ...props.data, KUBERNETES_SERVICE_HOST: host } } }
      : undefined;
}
