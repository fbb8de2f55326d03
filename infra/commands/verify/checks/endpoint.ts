import type { Check } from "../check.ts";
import { endpointConfigMap, expectedEndpoint } from "../reading/calico.ts";
import { perNode } from "../reading/probes.ts";

const source =
  "tigera/docs operations/ebpf/enabling-ebpf.mdx, configure Calico to talk directly to the API server";

/** Whether Calico is configured with the API server's address. */
export const endpointConfig: Check = {
  name: "endpoint-config",
  title: "ConfigMap kubernetes-services-endpoint names the cluster's own endpoint",
  source,
  meaning: "Calico will not find the API server when it next starts: a new node stays without network.",
  cure: "Run npx pulumi up --refresh, which writes it again; then see endpoint-in-use.",
  needs: ["read"],
  async run(live) {
    const expected = expectedEndpoint(live);
    const { namespace, address } = await endpointConfigMap(live);
    if (address === expected) return [{ verdict: "passed", evidence: address }];
    const found = address === undefined ? `there is none in ${namespace}` : `it has ${address}`;
    return [{ verdict: "failed", evidence: `${found}, but the endpoint is ${expected}` }];
  },
};

/** Whether the running calico-node uses the same address. */
export const endpointInUse: Check = {
  name: "endpoint-in-use",
  title: "calico-node runs with that endpoint on every node",
  source,
  meaning:
    "It was started with another address. It works until that address stops answering, and then not at all.",
  cure: "Let the operator render calico-node again: kubectl -n tigera-operator rollout restart deployment tigera-operator, then the same of DaemonSet calico-node.",
  needs: ["exec"],
  run(live) {
    const expected = expectedEndpoint(live);
    return perNode(live, ({ apiServer }) =>
      apiServer === expected
        ? { verdict: "passed", evidence: apiServer }
        : { verdict: "failed", evidence: `it runs with ${apiServer}, but the endpoint is ${expected}` },
    );
  },
};

/** Whether it answers on the nodes. */
export const endpointAnswers: Check = {
  name: "endpoint-answers",
  title: "the API server accepts connections from every node",
  source,
  meaning: "Calico on that node cannot follow changes in the cluster, and cannot restart.",
  cure: "Check the endpoint's name (DNS of the VPC), TCP 443 between the nodes' and the cluster's security groups, and the routes.",
  needs: ["exec"],
  run: (live) =>
    perNode(live, ({ apiServer, apiServerError }) =>
      apiServerError === ""
        ? { verdict: "passed", evidence: `${apiServer} accepts a connection` }
        : { verdict: "failed", evidence: `${apiServer} does not answer: ${apiServerError}` },
    ),
};
