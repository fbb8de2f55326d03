import { afterEach, describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../../../components/checks/existing/snapshot.ts";
import { backToIptables } from "../../../support/existing.ts";
import type { FakeApiServer } from "./apiServer.ts";
import { byManifest, byOperator, fromAws, readFrom, reviews, system } from "./readAnswers.ts";

let server: FakeApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function read(...args: Parameters<typeof readFrom>) {
  const { found, server: read } = await readFrom(...args);
  server = read;
  return found;
}

describe("a cluster whose Calico the operator installed", () => {
  it("is read with all that decides", async () => {
    expect(await read(byOperator)).toEqual({
      nodes: [
        {
          name: "n",
          operatingSystem: "unknown",
          architecture: "unknown",
          kernel: "6.8.0",
          instanceId: undefined,
          region: undefined,
        },
      ],
      operator: expect.objectContaining({ runs: true, version: "3.32.4" }),
      manifest: undefined,
      felix: {
        apiVersion: "crd.projectcalico.org/v1",
        configurations: [
          { name: "default", spec: { healthPort: 9099 }, ours: [], operatorsBpfEnabled: undefined },
        ],
      },
      pools: [{ name: "p", cidr: "10.0.0.0/8", ipipMode: "Never", disabled: false }],
      kubeProxy: expect.objectContaining({ mode: "ipvs" }),
      endpoint: { data: { a: "operator" }, isOurs: false },
      apiServerServiceIps: ["10.96.0.1"],
      dnsServiceIps: ["10.96.0.10"],
      daemonSets: ["kube-proxy", "aws-node"],
      vpcCni: { version: "1.22.4", env: {}, enforcesPolicies: false },
      dnsDeployments: ["coredns"],
      aws: undefined,
      unread: [],
      forbidden: [],
    });
  });

  it("is known to be without its operator", async () => {
    const gone = { "/apis/apps/v1/namespaces/tigera-operator/deployments/tigera-operator": 404 };

    expect((await read({ ...byOperator, ...gone })).operator).toMatchObject({ runs: false });
  });

  it.each<[string, string, keyof ClusterSnapshot, unknown]>([
    ["kube-proxy", `${system}/daemonsets`, "kubeProxy", undefined],
    ["nodes", "/api/v1/nodes", "nodes", []],
    ["DNS", `${system}/deployments`, "dnsDeployments", []],
    ["pools", "/apis/crd.projectcalico.org/v1/ippools", "pools", []],
    [
      "a service of the API server",
      "/api/v1/namespaces/default/services/kubernetes",
      "apiServerServiceIps",
      [],
    ],
    ["a service of DNS", "/api/v1/namespaces/kube-system/services/kube-dns", "dnsServiceIps", []],
    [
      "an endpoint ConfigMap",
      "/api/v1/namespaces/tigera-operator/configmaps/kubernetes-services-endpoint",
      "endpoint",
      undefined,
    ],
  ])("may be without %s", async (_name, path, key, value) => {
    const found = await read({ ...byOperator, [path]: 404 });

    expect(found[key]).toEqual(value);
    expect(found.unread).toEqual([]);
  });

  it("may keep kube-proxy's configuration where EKS does", async () => {
    const maps = "/api/v1/namespaces/kube-system/configmaps";
    const eks = {
      [`${maps}/kube-proxy`]: 404,
      [`${maps}/kube-proxy-config`]: { data: { config: "mode: iptables" } },
    };

    expect((await read({ ...byOperator, ...eks })).kubeProxy?.mode).toBe("iptables");
  });
});

describe("a cluster whose Calico a manifest installed", () => {
  it("is read with what belongs to it, and the endpoint of its namespace", async () => {
    const found = await read(byManifest);

    expect(found.operator).toBeUndefined();
    expect(found.manifest).toMatchObject({
      version: "3.32.4",
      workloads: [{ name: "calico-node" }, { name: "calico-typha" }, { name: "calico-kube-controllers" }],
    });
    expect(found.endpoint?.data).toEqual({ a: "manifest" });
    expect(found.vpcCni).toBeUndefined();
  });

  it("may be without Typha", async () => {
    const found = await read({ ...byManifest, [`${system}/deployments/calico-typha`]: 404 });

    expect(found.manifest?.workloads.map(({ name }) => name)).toEqual([
      "calico-node",
      "calico-kube-controllers",
    ]);
  });
});

describe("Calico's configuration", () => {
  const v3 = "/apis/projectcalico.org/v3";
  const crd = "/apis/crd.projectcalico.org/v1";

  it("is read in the newer API where the older one is not served", async () => {
    const {
      [`${crd}/felixconfigurations`]: felix = {},
      [`${crd}/ippools`]: pools = {},
      ...others
    } = byOperator;
    const found = await read({ ...others, [`${v3}/felixconfigurations`]: felix, [`${v3}/ippools`]: pools });

    expect(found.felix?.apiVersion).toBe("projectcalico.org/v3");
    expect(found.felix?.configurations).toHaveLength(1);
    expect(found.pools).toHaveLength(1);
  });

  it("is read in the older one where both are served", async () => {
    const found = await read({ ...byOperator, [`${v3}/felixconfigurations`]: { items: [] } });

    expect(found.felix?.configurations).toHaveLength(1);
    expect(server?.requests()).not.toContain(`GET ${v3}/felixconfigurations?limit=500`);
  });

  it("is taken to be in the older one where that may not be read", async () => {
    const found = await read({
      ...byOperator,
      [`${crd}/felixconfigurations`]: 403,
      [`${v3}/felixconfigurations`]: { items: [] },
    });

    expect(found.felix).toBeUndefined();
    expect(found.unread).toEqual([
      { verb: "list", resource: "felixconfigurations.crd.projectcalico.org", why: "status 403" },
    ]);
  });

  it("is not there where neither is served", async () => {
    const found = await read({ ...byOperator, [`${crd}/felixconfigurations`]: 404 });

    expect(found.felix).toBeUndefined();
    expect(found.forbidden).toEqual([]);
    expect(server?.posted).toEqual([]);
  });
});

describe("what may not be read", () => {
  it("is named once each, in the order of the alphabet", async () => {
    const denied = Object.keys(byOperator).filter((path) => path !== "/version" && path !== reviews);
    const found = await read(
      Object.fromEntries([["/version", {}], ...denied.map((path) => [path, 403] as const)]),
    );

    expect(
      found.unread.map(({ verb, resource, namespace = "-" }) => `${verb} ${resource} ${namespace}`),
    ).toEqual([
      "get configmaps kube-system",
      "list daemonsets.apps kube-system",
      "list deployments.apps kube-system",
      "get deployments.apps tigera-operator",
      "list felixconfigurations.crd.projectcalico.org -",
      "get installations.operator.tigera.io -",
      "list ippools.crd.projectcalico.org -",
      "list nodes -",
      "get services default",
      "get services kube-system",
    ]);
  });

  it.each([
    [byManifest, `${system}/deployments/calico-typha`, "deployments.apps", "kube-system"],
    [
      byOperator,
      "/api/v1/namespaces/tigera-operator/configmaps/kubernetes-services-endpoint",
      "configmaps",
      "tigera-operator",
    ],
  ])("is named where it is one object alone: %#", async (answers, path, resource, namespace) => {
    const { unread } = await read({ ...answers, [path]: 403 });

    expect(unread).toEqual([{ verb: "get", resource, namespace, why: "status 403" }]);
  });

  it("does not count for nodes on the way back to iptables, which needs their number only", async () => {
    const denied = { ...byOperator, "/api/v1/nodes": 403 };

    expect((await read(denied, backToIptables)).unread).toEqual([]);
    await server?.stop();
    expect((await read(denied)).unread).toEqual([{ verb: "list", resource: "nodes", why: "status 403" }]);
  });

  it("is one error when it is the API server's version", async () => {
    await expect(readFrom({ ...byOperator, "/version": 401 })).rejects.toMatchObject({
      status: 401,
      requests: ["GET /version"],
    });
  });
});

describe("AWS", () => {
  const spec = { providerID: "aws:///eu-west-1a/i-0123456789abcdef0" };
  const onEc2 = { ...byOperator, "/api/v1/nodes": { items: [{ metadata: { name: "n" }, spec }] } };

  it.each([
    ["for DSR on EC2", onEc2, {}, fromAws],
    ["not for tunnels", onEc2, { calico: { externalService: "Tunnel" } }, undefined],
    ["not on the way back", onEc2, backToIptables, undefined],
    ["not for nodes that are no instances", byOperator, {}, undefined],
  ] as const)("is read %s", async (_name, answers, change, aws) => {
    expect((await read(answers, change)).aws).toEqual(aws);
  });
});
