import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everything } from "../../support/everything.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { smallCluster } from "../rehearsed.ts";
import { Verified, wrong } from "./verified.ts";

let verified: Verified;

const config = { ...smallCluster, ...everything };

beforeAll(async () => {
  if (parts !== undefined) verified = await Verified.start({ config });
}, 300_000);

afterAll(() => verified?.end());

const inKubeSystem = (apiVersion: string, kind: string, name: string) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "kube-system" },
});

/** What a check finds wrong as soon as it finds something. */
async function untilWrong(check: string): Promise<string[]> {
  await expect.poll(async () => wrong(await verified.judged(check)), { timeout: 30_000 }).not.toEqual([]);
  return wrong(await verified.judged(check));
}

const untilPassed = (check: string) =>
  expect.poll(async () => wrong(await verified.judged(check)), { timeout: 30_000 }).toEqual([]);

const scale = (name: string, replicas: number) =>
  verified.api.merge(inKubeSystem("apps/v1", "Deployment", name), { spec: { replicas } }, "someone");

describe.skipIf(parts === undefined)(
  `${onRealParts}, verify on a cluster with everything on`,
  { timeout: 120_000 },
  () => {
    it.each(["add-ons", "webhooks", "volumes", "karpenter", "load-balancers"])("passes %s", async (name) => {
      const outcome = await verified.judged(name);

      expect(wrong(outcome)).toEqual([]);
      expect(outcome.verdict).toBe("passed");
    });

    it("fails add-ons where a pod's port on the host network is taken, in the scheduler's words", async () => {
      await scale("aws-load-balancer-controller", 3);

      const [finding, ...others] = await untilWrong("add-ons");
      expect(finding).toMatch(
        /^Deployment kube-system\/aws-load-balancer-controller: 2 of 3 pods available: pod .* 0\/2 nodes are available: 2 node\(s\) didn't have free ports/,
      );
      expect(others).toEqual([]);
      await scale("aws-load-balancer-controller", 2);
      await untilPassed("add-ons");
    });

    it("fails volumes on the one node that the driver has left, and for a second default class", async () => {
      const [node = ""] = verified.nodeNames;
      const name = { apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: node } };
      const before = await verified.api.get(name);
      await verified.api.delete(name);
      expect(wrong(await verified.judged("volumes"))).toEqual([
        `${node}: ebs.csi.aws.com is not registered: see the log of ebs-csi-node`,
      ]);
      const { spec } = before as unknown as { spec: object };
      await verified.api.create({ ...name, spec }, { manager: "kubelet" });

      const second = {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "efs", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
        provisioner: "efs.csi.aws.com",
      };
      await verified.api.create(second, { manager: "someone" });
      expect(wrong(await verified.judged("volumes"))).toEqual([
        "efs and gp3 are default StorageClasses: a claim that names no class gets the newest",
      ]);
      await verified.api.delete(second);
      await untilPassed("volumes");
    });

    it("fails karpenter without its controller", async () => {
      await scale("karpenter", 0);

      expect(await untilWrong("karpenter")).toEqual(["Deployment kube-system/karpenter is scaled to 0"]);
      await scale("karpenter", 2);
      await untilPassed("karpenter");
    });

    it("after a change to the Cluster Autoscaler, passes with the groups it sees, and fails without its controller", async () => {
      await verified.living.configure({ ...config, "calico-ebpf-eks:autoscaling": "ClusterAutoscaler" });
      expect(await verified.living.up()).toBe("");
      await untilPassed("cluster-autoscaler");

      const { findings } = await verified.judged("cluster-autoscaler");
      expect(findings.map(({ evidence }) => evidence)).toEqual([
        "Deployment kube-system/cluster-autoscaler: 1 of 1 pod available",
        expect.stringMatching(/^eks-.*-default-.*: 2 of 2 nodes ready, between 2 and 4$/),
      ]);
      expect((await verified.judged("karpenter")).verdict).toBe("not applicable");
      await scale("cluster-autoscaler", 0);
      expect(await untilWrong("cluster-autoscaler")).toEqual([
        "Deployment kube-system/cluster-autoscaler is scaled to 0",
      ]);
    });
  },
);
