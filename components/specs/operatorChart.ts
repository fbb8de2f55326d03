import type { Settings } from "../settings/settings.ts";
import { felixApiVersion } from "./felixConfiguration.ts";

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
export const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** The kinds of the objects that must exist before the operator runs: before the first node. */
export function calicoCrds(calicoVersion: string): readonly Crd[] {
  return [
    crd("operator.tigera.io/v1", "Installation"),
    crd("operator.tigera.io/v1", "APIServer"),
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
