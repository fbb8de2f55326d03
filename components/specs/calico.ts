import { amis } from "../facts/amis.ts";
import { calicoVersions } from "../facts/versions.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { typhaMetricsPort } from "./monitoring.ts";
import { usesVpcCni } from "./vpcCni.ts";

/**
 * Spec of FelixConfiguration `default`. Never holds `bpfEnabled`: the operator owns that field and, finding it set by
 * another client, stops installing without a message (tigera/operator pkg/controller/installation/bpf.go).
 */
export function felixSpec({ calico, kubeProxy }: Pick<Settings, "calico" | "kubeProxy">) {
  const besideKubeProxy = kubeProxy === "Running";
  return {
    ...calico.felix,
    // A node that forwards with another node's address, or an unencapsulated pod address, needs the check off; Felix
    // does it for every node that joins, and keeps the node unready until it is done.
    awsSrcDstCheck: "Disable",
    bpfExternalServiceMode: calico.externalService,
    bpfDSROptoutCIDRs: [...calico.dsrOptOutCidrs],
    // kube-proxy's own rules and its port 10256 are left alone while it runs (projectcalico/calico#10538, kubernetes/kops#18334).
    bpfKubeProxyIptablesCleanupEnabled: !besideKubeProxy,
    bpfKubeProxyHealthzPort: besideKubeProxy ? 0 : 10256,
  };
}

/** API version under which a Calico release stores FelixConfiguration. */
export function felixApiVersion(calicoVersion: string): "crd.projectcalico.org/v1" | "projectcalico.org/v3" {
  return lookUp(calicoVersions, calicoVersion)?.felixApiVersion ?? "crd.projectcalico.org/v1";
}

/** Name of the one IP pool; the operator's own default has it too. */
const poolName = "default-ipv4-ippool";

/** Spec of the operator's Installation `default`. */
export function installationSpec(settings: Pick<Settings, "calico" | "nodePools" | "observability">) {
  const { calico, nodePools } = settings;
  const typhaPort = typhaMetricsPort(settings);
  return {
    variant: "Calico",
    // Both are explicit: detection fails with authentication mode API, and for EKS it would choose the VPC CNI.
    kubernetesProvider: "EKS",
    cni: { type: calico.cni, ipam: { type: calico.cni } },
    ...(calico.registry === undefined ? {} : { registry: `${calico.registry}/` }),
    flexVolumePath: flexVolumePath(nodePools),
    kubeletVolumePluginPath: "None",
    ...(calico.metricsPort === null ? {} : { nodeMetricsPort: calico.metricsPort }),
    ...(typhaPort === null ? {} : { typhaMetricsPort: typhaPort }),
    calicoNetwork: {
      linuxDataplane: calico.dataplane,
      bgp: "Disabled",
      ...(!usesVpcCni({ calico }) ? podAddresses(calico) : {}),
      nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" },
    },
  };
}

/**
 * How Calico assigns pod addresses and carries their packets. The operator accepts none of it with another CNI: no pool but
 * one that does nothing, and no host ports (tigera/operator pkg/controller/installation/validation.go).
 */
function podAddresses({ blockSize, encapsulation, mtu, podCidr }: Settings["calico"]) {
  return {
    // Without encapsulation the routes must be programmed, and there is no BGP (tigera/operator api/v1/installation_types.go).
    ...(encapsulation === "None" ? { clusterRoutingMode: "Felix" } : {}),
    ...(mtu === "auto" ? {} : { mtu }),
    // Every field of the pool is given: the operator fills in what is left out and then owns it, and the next update
    // of the Installation fails with a conflict (measured with operator v1.42.4).
    ipPools: [
      {
        name: poolName,
        cidr: podCidr,
        encapsulation,
        natOutgoing: "Enabled",
        blockSize,
        nodeSelector: "all()",
        allowedUses: ["Workload", "Tunnel"],
        assignmentMode: "Automatic",
        disableBGPExport: false,
        disableNewAllocations: false,
      },
    ],
  };
}

/** The path that all pools share; None, which turns the driver off, when they differ. */
function flexVolumePath(pools: Settings["nodePools"]): string {
  const paths = new Set(Object.values(pools).map(({ family }) => amis[family].flexVolumePath));
  const [path = "None", ...others] = paths;
  return others.length === 0 ? path : "None";
}

/** API version of the operator's own kinds. */
export const operatorApi = "operator.tigera.io/v1";

/** Type of the component that contains the Installation; formerly also of what is behind its gate. */
export const dataplaneType = "calico-ebpf-eks:index:Dataplane";

/** Values of upstream's chart `tigera-operator`. */
export function operatorValues({ calico }: Pick<Settings, "calico">) {
  const off = { enabled: false };
  return {
    // Created by this program, so that it controls their order and deletion.
    installation: off,
    apiServer: off,
    goldmane: off,
    whisker: off,
    defaultFelixConfiguration: off,
    // The operator's CRDs follow its version, and add nothing to a preview.
    manageCRDs: true,
    // The node's resolver. The chart's default asks CoreDNS, which cannot run before Calico does: the operator could
    // never resolve the API server's name. calico-node inherits it (tigera/operator#4325).
    dnsPolicy: "Default",
    // The CRDs stay in the group that FelixConfiguration is written to, also over an upgrade (tigera/operator pkg/apis/version.go).
    tigeraOperator: {
      ...(calico.registry === undefined ? {} : { registry: calico.registry }),
      env: [{ name: "CALICO_API_GROUP", value: felixApiVersion(calico.version) }],
    },
  };
}

/** A Calico kind that this program uses and the operator installs. */
export interface Crd {
  /** `installations.operator.tigera.io` */
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

/** A resource of the stack's last state. */
export interface PreviousResource {
  /** Pulumi type, such as `kubernetes:core/v1:ConfigMap`. */
  readonly type: string;
  /** Logical name: the URN's last part. */
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Pulumi type of a CustomResourceDefinition. */
const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** The kinds of the objects that must exist before the operator runs: before the first node. */
export function calicoCrds(calicoVersion: string): readonly Crd[] {
  return [
    crd(operatorApi, "Installation"),
    crd(operatorApi, "APIServer"),
    crd(felixApiVersion(calicoVersion), "FelixConfiguration"),
  ];
}

/**
 * Names of the CRDs that the operator has installed and the stack does not have yet: they are imported, because
 * they cannot be created twice, and the schemas are the operator's. It installs all of them when it starts, so
 * one object of one kind proves the others; without any, an available Deployment does.
 */
export function crdsOfOperator(
  previous: readonly PreviousResource[],
  calicoVersion: string,
): readonly string[] {
  if (!previous.some((one) => isOfCalico(one) || isAvailableOperator(one))) return [];
  const own = previous.filter(({ type }) => type === crdType).map(({ name }) => name);
  return calicoCrds(calicoVersion)
    .map(({ name }) => name)
    .filter((name) => !own.includes(name));
}

function crd(apiVersion: string, kind: string): Crd {
  const [group = "", version = ""] = apiVersion.split("/");
  const plural = `${kind.toLowerCase()}s`;
  return { name: `${plural}.${group}`, group, version, kind, plural };
}

function isOfCalico({ type }: PreviousResource): boolean {
  return /^kubernetes:(operator\.tigera\.io|(crd\.)?projectcalico\.org)\//.test(type);
}

/** As it was when it was last written or refreshed. */
function isAvailableOperator({ type, name, outputs }: PreviousResource): boolean {
  const { availableReplicas } = (outputs["status"] ?? {}) as { readonly availableReplicas?: unknown };
  return (
    type === "kubernetes:apps/v1:Deployment" &&
    name.endsWith("/tigera-operator") &&
    typeof availableReplicas === "number" &&
    availableReplicas > 0
  );
}
