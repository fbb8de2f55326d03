import type { Settings } from "../settings/settings.ts";
import { felixApiVersion } from "./apiGroup.ts";

/** Values of upstream's chart `tigera-operator`. */
export function operatorValues({ calico }: Pick<Settings, "calico">) {
  const off = { enabled: false };
  return {
    // Ours, so that their order and their end are in this program's hands.
    installation: off,
    apiServer: off,
    goldmane: off,
    whisker: off,
    defaultFelixConfiguration: off,
    // The operator's CRDs follow its version, and cost a preview nothing.
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
