import type { Check } from "../check.ts";
import { endpointConfigMap, expectedEndpoint } from "../reading/calico.ts";
import { perNode } from "../reading/probes.ts";

const source =
  "tigera/docs operations/ebpf/enabling-ebpf.mdx, configure Calico to talk directly to the API server";

/** Whether Calico is told where the API server is. */
export const endpointConfig: Check = {
  name: "endpoint-config",
  title: "ConfigMap kubernetes-services-endpoint names the cluster's own endpoint",
  source,
  meaning: "Calico does not find the API server when it next starts: a new node stays without network.",
  cure: "Run npx pulumi up --refresh, which writes it again; then see endpoint-in-use.",
  needs: ["read"],
  async run(live) {
    const expected = expectedEndpoint(live);
    const { namespace, address } = await endpointConfigMap(live);
    if (address === expected) return [{ verdict: "passed", evidence: address }];
    const found = address === undefined ? `there is none in ${namespace}` : `it says ${address}`;
    return [{ verdict: "failed", evidence: `${found}, and the endpoint is ${expected}` }];
  },
};

/** Whether what runs was told the same. */
export const endpointInUse: Check = {
  name: "endpoint-in-use",
  title: "calico-node runs with that endpoint on every node",
  source,
  meaning: "It was started there with another address. It works until that one goes, and then not at all.",
  cure: "Let the operator render calico-node again: kubectl -n tigera-operator rollout restart deployment tigera-operator, then the same of DaemonSet calico-node.",
  needs: ["exec"],
  run(live) {
    const expected = expectedEndpoint(live);
    return perNode(live, ({ apiServer }) =>
      apiServer === expected
        ? { verdict: "passed", evidence: apiServer }
        : { verdict: "failed", evidence: `it runs with ${apiServer}, and the endpoint is ${expected}` },
    );
  },
};

/** Whether it answers from where it is needed. */
export const endpointAnswers: Check = {
  name: "endpoint-answers",
  title: "the API server accepts connections from every node",
  source,
  meaning: "Calico on that node cannot follow what changes in the cluster, nor start anew.",
  cure: "Look at the endpoint's name (DNS of the VPC), at TCP 443 between the nodes' and the cluster's security groups, and at the routes.",
  needs: ["exec"],
  run: (live) =>
    perNode(live, ({ apiServer, apiServerError }) =>
      apiServerError === ""
        ? { verdict: "passed", evidence: `${apiServer} accepts a connection` }
        : { verdict: "failed", evidence: `${apiServer} does not answer: ${apiServerError}` },
    ),
};
