import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Live, Outcome } from "../../../infra/commands/verify/check.ts";
import { workloadChecks } from "../../../infra/commands/verify/checks/index.ts";
import { openLive } from "../../../infra/commands/verify/session.ts";
import { judge } from "../../../infra/commands/verify/suite.ts";
import { probes, removeProbes } from "../../../infra/commands/verify/workloads/probes.ts";
import type { NodeFaults } from "../../simulator/realKubernetes/dataPath/network.ts";
import { type Living, startLiving } from "../realKubernetes/living.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { smallCluster } from "../rehearsed.ts";

let living: Living | undefined;
let nodeNames: string[] = [];
const opened: Live[] = [];

beforeAll(async () => {
  if (parts === undefined) return;
  living = await startLiving({ config: smallCluster });
  expect(await living.up()).toBe("");
  nodeNames = [...living.world.cloud.instances.values()].map(({ nodeName }) => nodeName).toSorted();
}, 300_000);

afterEach(() => living?.world.kubernetes.nodes?.mend());

afterAll(async () => {
  // All at once: of each namespace, Kubernetes takes its time.
  await Promise.all(opened.map(removeProbes));
  for (const { cluster } of opened) cluster.close();
  await living?.end();
}, 120_000);

/** The first node has the only backend of a NodePort; the last one gets the requests from outside. */
const backend = () => nodeNames[0] ?? "";
const ingress = () => nodeNames.at(-1) ?? "";

function damage(nodeName: string, faults: NodeFaults): void {
  living?.world.kubernetes.nodes?.break(nodeName, faults);
}

function kubeconfig(): string {
  return readFileSync(living?.world.kubernetes.kubeconfigFile ?? "", "utf8");
}

function open(): Live {
  const target = { name: "a test", kubeconfig: kubeconfig(), folder: "/" };
  const live = openLive(target, 8, new AbortController().signal);
  opened.push(live);
  return live;
}

async function outcomeOf(name: string, live = open()): Promise<Outcome> {
  const check = workloadChecks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return judge(check, live);
}

/** Node and evidence of what failed. */
const failures = ({ findings }: Outcome) =>
  findings.flatMap(({ node, verdict, evidence }) => (verdict === "failed" ? [[node, evidence]] : []));

/** Writes to an object of the cluster, as someone beside the program would. */
async function patch(path: string, body: unknown): Promise<void> {
  await open().cluster.patch(path, body);
}

const felixPath = "/apis/crd.projectcalico.org/v1/felixconfigurations/default";

describe.skipIf(parts === undefined)(
  `${onRealParts}, the checks that start pods`,
  { timeout: 120_000 },
  () => {
    it("pass on a cluster that is well, and leave nothing behind", async () => {
      const live = open();
      const outcomes = await Promise.all(workloadChecks.map((check) => judge(check, live)));

      expect(outcomes.flatMap(failures)).toEqual([]);
      expect(new Set(outcomes.map(({ verdict }) => verdict))).toEqual(new Set(["passed"]));
      const { namespace } = (await probes(live)).workloads;
      await removeProbes(live);
      expect(await live.cluster.get(`/api/v1/namespaces/${namespace}`)).toBeUndefined();
    });

    it("find a node whose service tables are empty, and no other", async () => {
      damage(ingress(), { natTables: "empty" });

      const outcome = await outcomeOf("service-cluster-ip");
      expect(failures(outcome)).toEqual([
        [ingress(), expect.stringMatching(/: curl: \(28\) Connection timed out/)],
      ]);
    });

    it("find a node that goes on with the services it knows, and learns of no new one", async () => {
      damage(ingress(), { natTables: "frozen" });
      const live = open();
      const [known, fresh] = await Promise.all(
        ["api-from-pod", "service-new"].map((name) => outcomeOf(name, live)),
      );

      expect(known?.verdict).toBe("passed");
      expect(fresh && failures(fresh)).toEqual([
        [ingress(), expect.stringMatching(/did not answer in 15 attempts, a second apart/)],
      ]);
    });

    it("find a NodePort that answers at its backend's node alone, because DSR's replies are dropped", async () => {
      damage(backend(), { hasSourceDestCheck: true });

      const outcome = await outcomeOf("node-port");
      expect(failures(outcome)).toEqual([[ingress(), expect.stringMatching(/, did not answer: /)]]);
    });

    it("say nothing of a NodePort that the control plane reaches nowhere", async () => {
      for (const name of nodeNames) damage(name, { natTables: "empty" });

      const { verdict, findings } = await outcomeOf("node-port");
      expect(verdict).toBe("unknown");
      expect(findings[0]?.evidence).toMatch(/nodePorts\.clients may leave the control plane's subnets out/);
    });

    it("find a node that puts its own address in place of the client's", async () => {
      damage(ingress(), { hidesClients: true });

      const outcome = await outcomeOf("client-address");
      expect(failures(outcome)).toEqual([
        [ingress(), expect.stringMatching(/, which is node ip-10-40-0-\d+/)],
      ]);
    });

    it("find a node that forwards by the tunnel though DSR is configured", async () => {
      damage(ingress(), { externalService: "Tunnel" });

      const outcome = await outcomeOf("external-service-mode");
      expect(failures(outcome)).toEqual([
        [ingress(), "configured DSR; forwarded with flags np-fwd, replies did not come back through it"],
      ]);
    });

    it("find a backend's node that answers by the tunnel though DSR is configured", async () => {
      damage(backend(), { externalService: "Tunnel" });

      const outcome = await outcomeOf("external-service-mode");
      expect(failures(outcome)).toEqual([
        [ingress(), "configured DSR; forwarded with flags fwd-dsr np-fwd, replies came back through it"],
      ]);
    });

    it("hold Tunnel to the opposite", async () => {
      await patch(felixPath, { spec: { bpfExternalServiceMode: "Tunnel" } });
      try {
        const well = await outcomeOf("external-service-mode");
        for (const name of nodeNames) damage(name, { externalService: "DSR" });
        const wrong = await outcomeOf("external-service-mode");

        expect(well.verdict).toBe("passed");
        expect(failures(wrong)).toEqual([
          [
            ingress(),
            "configured Tunnel; forwarded with flags fwd-dsr np-fwd, replies did not come back through it",
          ],
        ]);
      } finally {
        await patch(felixPath, { spec: { bpfExternalServiceMode: "DSR" } });
      }
    });

    it("tell a CoreDNS that is not there from a service that is not", async () => {
      const path = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
      await patch(path, { spec: { replicas: 0 } });
      try {
        const live = open();
        const [names, services] = await Promise.all(
          ["dns", "service-cluster-ip"].map((name) => outcomeOf(name, live)),
        );

        expect(names && failures(names).map(([node]) => node)).toEqual(nodeNames);
        expect(services?.verdict).toBe("passed");
      } finally {
        await patch(path, { spec: { replicas: 2 } });
      }
    });

    it("find a node from which nothing outside can be reached", async () => {
      damage(ingress(), { hasNoWayOut: true });

      const outcome = await outcomeOf("outside");
      expect(failures(outcome)).toEqual([
        [ingress(), expect.stringMatching(/^sts\.eu-west-1\.amazonaws\.com: curl: \(28\)/)],
      ]);
    });

    it("say nothing of packet sizes where not even a small packet is answered", async () => {
      damage(backend(), { podMtu: 60 });

      const { verdict, findings } = await outcomeOf("largest-packet");
      expect(verdict).toBe("unknown");
      expect(findings.map(({ node, verdict: one }) => [node, one])).toEqual([
        [backend(), "passed"],
        [ingress(), "unknown"],
      ]);
    });

    it("find pods that may send larger packets than the way to other nodes takes", async () => {
      for (const name of nodeNames) damage(name, { podMtu: 9001 });

      const outcome = await outcomeOf("largest-packet");
      expect(failures(outcome)).toEqual(
        nodeNames.map((node) => [node, expect.stringMatching(/^0 of 3 packets of 9001 bytes to /)]),
      );
    });
  },
);
