import { Aws, type AwsOptions } from "../aws/aws.ts";
import { eksClusterWith } from "../aws/eksComponent.ts";
import { type Client, endpointProblem } from "../aws/endpointAccess.ts";
import { allows } from "../aws/firewall.ts";
import { isAllowed } from "../aws/iam.ts";
import { assignPrefixes, attach, createInterface, networkOf } from "../aws/instanceNetwork.ts";
import { type AwsObject, keyOf } from "../aws/model.ts";
import { takePrefixes } from "../aws/networkInterface.ts";
import { roleOfPods } from "../aws/podIdentity.ts";
import { portRules } from "../aws/portRules.ts";
import { types } from "../aws/types.ts";
import { number, text, texts } from "../aws/values.ts";
import { chart } from "../kubernetes/chart.ts";
import type { CloudView } from "../kubernetes/cloudView.ts";
import { type Guests, Kubernetes } from "../kubernetes/kubernetes.ts";
import type { ProviderDouble, Values } from "../protocol/provider.ts";
import { type Served, serve } from "../protocol/serve.ts";
import { Activity, type ActivityOptions } from "./activity.ts";
import type { Instance } from "./instance.ts";
import { disturbed, type Interference } from "./interference.ts";
import type { KubernetesDouble } from "./kubernetesDouble.ts";

export interface WorldOptions extends ActivityOptions, Guests, Omit<AwsOptions, "activity" | "onAddon"> {
  /** What goes wrong between the engine and the providers. Default: nothing. */
  readonly interference?: Interference;
  /** Where Pulumi runs. Default: where the endpoint always answers. */
  readonly client?: Client;
}

/** The simulated AWS and Kubernetes, served to the engine. */
export interface World<Double extends KubernetesDouble = Kubernetes> {
  readonly aws: Aws;
  readonly kubernetes: Double;
  readonly activity: Activity;
  readonly cloud: CloudView;
  /** For the engine: `aws:PORT,eks:PORT,kubernetes:PORT`; without the last where the provider is the plugin. */
  readonly debugProviders: string;
  stop(): Promise<void>;
}

/** `--nodes` grows pools beyond what an account has at first; the program warns of that (components/checks/quotas.ts). */
const quotas = { nodesPerNodeGroup: Number.POSITIVE_INFINITY };

/** Starts a world in memory in which nothing exists yet. The caller stops it. */
export function startWorld(options: WorldOptions): Promise<World> {
  return startWorldWith(options, (cloud, activity) => new Kubernetes(cloud, activity, options));
}

/** Starts a world with any Kubernetes in it. The caller stops it. */
export async function startWorldWith<Double extends KubernetesDouble>(
  options: WorldOptions,
  makeKubernetes: (cloud: CloudView, activity: Activity) => Double,
): Promise<World<Double>> {
  const activity = new Activity(options);
  const aws: Aws = new Aws({ quotas, ...options, activity, onAddon: (event) => kubernetes.onAddon(event) });
  const cloud = viewOf(aws, options.client);
  const kubernetes = makeKubernetes(cloud, activity);
  const onActivity = () => activity.changed();
  const { interference } = options;
  const through = (provider: ProviderDouble) =>
    interference === undefined ? provider : disturbed(provider, activity, interference);
  const { provider } = kubernetes;
  const components = { "kubernetes:helm.sh/v4:Chart": kubernetes.asking?.(chart) ?? chart };
  const served: Served[] = await Promise.all([
    serve(through(aws), { onActivity }),
    serve(eksProvider(aws), {
      components: { "eks:index:Cluster": eksClusterWith(() => kubernetes.pluginKubeconfig?.()) },
      onActivity,
    }),
    ...(provider === undefined ? [] : [serve(through(provider), { components, onActivity })]),
  ]);
  return {
    aws,
    kubernetes,
    activity,
    cloud,
    debugProviders: served.map(({ name, port }) => `${name}:${port}`).join(","),
    stop: async () => {
      activity.stop();
      for (const one of served) one.stop();
      await kubernetes.stop();
    },
  };
}

/** The eks provider has one component and no resources. */
function eksProvider(aws: Aws): ProviderDouble {
  const none = () => {
    throw new Error("the eks provider has no resources");
  };
  return {
    name: "eks",
    version: "4.3.0",
    check: none,
    diff: none,
    create: none,
    update: none,
    delete: none,
    read: none,
    invoke: (token, args) => aws.invoke(token, args),
  };
}

function viewOf(aws: Aws, client: Client | undefined): CloudView {
  const cluster = () =>
    aws.ofType("aws:eks/cluster:Cluster").find(({ outputs }) => outputs["endpoint"] !== undefined);
  const subnetArn = ({ subnetId }: Instance) =>
    String(outputsOf(aws, "aws:ec2/subnet:Subnet", subnetId)["arn"]);
  return {
    instances: aws.instances,
    endpointHost: () => {
      const endpoint = cluster()?.outputs["endpoint"];
      return typeof endpoint === "string" ? new URL(endpoint).hostname : undefined;
    },
    endpointProblem: () => (client === undefined ? undefined : endpointProblem(aws, client)),
    allows: (from, to, protocol, port) =>
      allows(aws, {
        fromInterface: { securityGroupIds: from.securityGroupIds, ip: from.privateIp },
        toSecurityGroupIds: to.securityGroupIds,
        protocol,
        port,
      }),
    allowsFromPod: (podCidr, from, to) =>
      allows(aws, {
        fromInterface: { securityGroupIds: from.securityGroupIds, ip: podCidr.split("/")[0] ?? "" },
        toSecurityGroupIds: to.securityGroupIds,
        protocol: "tcp",
        port: 8080,
      }),
    controlPlaneIp: () => {
      const [one] = controlPlaneInterfaces(aws);
      return one && text(one.inputs, "privateIp");
    },
    allowsFromControlPlane: (to, protocol, port) =>
      controlPlaneInterfaces(aws).some(({ inputs }) =>
        allows(aws, {
          fromInterface: {
            securityGroupIds: texts(inputs, "securityGroups"),
            ip: text(inputs, "privateIp"),
          },
          toSecurityGroupIds: to.securityGroupIds,
          protocol,
          port,
        }),
      ),
    network: {
      account: aws.account,
      subnetCidr: (id) => text(aws.find(types.subnet, id)?.inputs ?? {}, "cidrBlock"),
      rules: (groups) => portRules(aws, groups),
      allows: (instance, action, resource) =>
        isAllowed(aws.objects, {
          roleArn: instance.roleArn,
          action,
          resource,
          context:
            resource === "*"
              ? {}
              : { "ec2:Attribute/SourceDestCheck": "false", "ec2:Subnet": subnetArn(instance) },
        }),
      roleOfPods: (namespace, serviceAccount) => roleOfPods(aws, namespace, serviceAccount),
      networkOf: (instance) => networkOf(aws.cloud, instance),
      assignPrefixes: (interfaceId, count) => assignPrefixes(aws.cloud, interfaceId, count),
      createInterface: (instance, wanted) => createInterface(aws.cloud, instance, wanted),
      attachInterface: (interfaceId, instanceId, deviceIndex) =>
        attach(aws.cloud, interfaceId, instanceId, deviceIndex),
    },
    vpcCniProblem: (instance) => {
      const pods = roleOfPods(aws, "kube-system", "aws-node");
      if (pods?.problem !== undefined) return pods.problem;
      const roleArn = pods?.roleArn ?? instance.roleArn;
      const missing = vpcCniActions.find(
        (action) => !isAllowed(aws.objects, { roleArn, action, resource: "*", context: {} }),
      );
      return missing && `UnauthorizedOperation: ${roleArn} is not allowed to perform ${missing}`;
    },
    controllers: {
      credentialsProblem: (serviceAccount) => {
        const pods = roleOfPods(aws, "kube-system", serviceAccount);
        return pods === undefined ? "no EC2 IMDS role found" : pods.problem;
      },
      groups: () =>
        aws.ofType(types.nodeGroup).map(({ inputs }) => {
          const nodeGroupName = text(inputs, "nodeGroupName");
          const size = (name: string) => number(inputs, `scalingConfig.${name}`) ?? 0;
          return {
            name: `eks-${nodeGroupName}`,
            nodeGroupName,
            min: size("minSize"),
            max: size("maxSize"),
            desired: size("desiredSize"),
          };
        }),
    },
    takePrefixes: ({ networkInterfaceId }) => {
      const networkInterface = aws.find(types.networkInterface, networkInterfaceId);
      return networkInterface && takePrefixes(aws, networkInterface, firstPrefixes);
    },
    hasInternet: () => aws.ofType(types.natGateway).length > 0,
    mayTurnCheckOff: (instance) => {
      const resource = subnetArn(instance).replace(
        /subnet\/.*$/,
        `network-interface/${instance.networkInterfaceId}`,
      );
      const { roleArn } = instance;
      const context = { "ec2:Attribute/SourceDestCheck": "false", "ec2:Subnet": subnetArn(instance) };
      return (
        isAllowed(aws.objects, { roleArn, action: "ec2:DescribeInstances", resource: "*", context: {} }) &&
        isAllowed(aws.objects, { roleArn, action: "ec2:ModifyNetworkInterfaceAttribute", resource, context })
      );
    },
  };
}

/** The interfaces that EKS puts into the network for its control plane. */
function controlPlaneInterfaces(aws: Aws): AwsObject[] {
  const keys = new Set(aws.ofType(types.cluster).map(({ type, id }) => keyOf(type, id)));
  return aws.ofType(types.networkInterface).filter(({ ownedBy = "" }) => keys.has(ownedBy));
}

/** One for the first pods of a node, and one that WARM_PREFIX_TARGET keeps in reserve. */
const firstPrefixes = 2;

/** What aws-node does to give pods addresses (EKS user guide, cni-iam-role). */
const vpcCniActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:AttachNetworkInterface",
  "ec2:CreateNetworkInterface",
  "ec2:DescribeInstances",
  "ec2:ModifyNetworkInterfaceAttribute",
];

function outputsOf(aws: Aws, type: string, id: string): Values {
  return aws.ofType(type).find((one) => one.id === id)?.outputs ?? {};
}
