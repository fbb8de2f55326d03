import { versionIn } from "../../../existing/rawObjects.ts";
import { type Live, oncePerRun } from "../check.ts";
import { calicoNodePods } from "./objects.ts";

/** A condition of a status. */
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A custom resource of Calico or its operator. */
export interface CalicoObject {
  /** Absent in a list of the API server. */
  readonly apiVersion?: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly conditions?: readonly Condition[]; readonly calicoVersion?: string };
}

/** Who owns which fields of an object. */
export interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

/** Installation `default`; undefined: Calico was not installed by its operator. */
export const installation = oncePerRun(({ cluster }) =>
  cluster.get<CalicoObject>("/apis/operator.tigera.io/v1/installations/default"),
);

/** DaemonSet of the AWS VPC CNI; undefined: there is none. */
export const vpcCniDaemonSet = oncePerRun(({ cluster }) =>
  cluster.get<object>("/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node"),
);

/** Whether pods get their addresses from the AWS VPC CNI: by the Installation, or next to a Calico by manifest. */
export const hasVpcCni = oncePerRun(async (live): Promise<boolean> => {
  const found = await installation(live);
  if (found === undefined) return (await vpcCniDaemonSet(live)) !== undefined;
  const { type } = (found.spec?.["cni"] ?? {}) as { type?: string };
  return type === "AmazonVPC";
});

/** Every TigeraStatus; undefined: the kind does not exist. */
export const tigeraStatuses = oncePerRun(({ cluster }) =>
  cluster.list("/apis/operator.tigera.io/v1/tigerastatuses", (object) => object as CalicoObject),
);

/** API versions that may store Calico's configuration, the older one first: where it exists, it is used. */
const felixApiVersions = ["crd.projectcalico.org/v1", "projectcalico.org/v3"] as const;

/** FelixConfiguration: `default`, and one for each node that has its own; undefined: the kind does not exist. */
export const felixConfigurations = oncePerRun(async ({ cluster }) => {
  for (const apiVersion of felixApiVersions) {
    const path = `/apis/${apiVersion}/felixconfigurations`;
    const found = await cluster.list(path, (object) => object as CalicoObject);
    if (found !== undefined) return found;
  }
  return undefined;
});

/** FelixConfiguration `default`; undefined: there is none. */
export const felixDefault = oncePerRun(async (live) =>
  (await felixConfigurations(live))?.find(({ metadata: { name } }) => name === "default"),
);

/** Release of Calico without v: from the operator, else from calico-node's image; undefined: unknown. */
export const calicoVersion = oncePerRun(async (live) => {
  const [operators, pods] = await Promise.all([installation(live), calicoNodePods(live)]);
  const texts = [
    operators?.status?.calicoVersion ?? "",
    ...pods.map(({ image }) => image.split("@")[0] ?? ""),
  ];
  return texts.map(versionIn).find((version) => version !== undefined);
});

/** Configured reply path for NodePorts: `DSR` or `Tunnel`. */
export const externalServiceMode = oncePerRun(async (live) =>
  String((await felixDefault(live))?.spec?.["bpfExternalServiceMode"] ?? "Tunnel"),
);

const name = "kubernetes-services-endpoint";

/** ConfigMap from which Calico reads the API server's address. */
interface EndpointConfigMap {
  readonly namespace: string;
  /** `host:port`; undefined: no ConfigMap, or no address in it. */
  readonly address: string | undefined;
}

/** Where nodes should reach the API server, `host:port`. */
export function expectedEndpoint({ target, cluster }: Live): string {
  const { hostname, port } = new URL(target.endpoint ?? cluster.server);
  return `${hostname}:${port || 443}`;
}

/** The ConfigMap, in the namespace for Calico's installer. */
export const endpointConfigMap = oncePerRun(async (live): Promise<EndpointConfigMap> => {
  const namespace = (await installation(live)) === undefined ? "kube-system" : "tigera-operator";
  const found = await live.cluster.get<{ data?: Readonly<Record<string, string>> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  );
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = found?.data ?? {};
  return { namespace, address: host === undefined ? undefined : `${host}:${port}` };
});
