import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everything } from "../../support/everything.ts";
import { kubectl as getKubectl } from "../../toolchain/checkingTools.ts";
import { kubectlCommands, runShown, shownManifests } from "../docs/shownCommands.ts";
import { smallCluster } from "../rehearsed.ts";
import { Verified, wrong } from "../verify/verified.ts";
import { onRealParts, parts } from "./parts.ts";

let verified: Verified;
let kubectl: string;
let kubeconfig: string;
const folder = mkdtempSync(join(tmpdir(), "everything-"));
const page = "docs/after-up.md";

/** The one command that needs the Cluster Autoscaler. */
const autoscalerLog = "kubectl -n kube-system logs deployment/cluster-autoscaler";

/** A pod whose node kwok plays has no log; kubectl has found it, and the node has answered. */
const noLog = { code: 1, stderr: /no program runs on this node/ };

/** What each command prints, in the order of the page. */
const printed: readonly (readonly [string, { code: number; stdout?: RegExp; stderr?: RegExp }])[] = [
  ["kubectl get nodes", { code: 0, stdout: /^ip-10-40-.* Ready .*\nip-10-40-.* Ready /m }],
  [
    "kubectl create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --replicas=2 -- /agnhost netexec --http-port=8080",
    { code: 0, stdout: /^deployment.apps\/web created$/m },
  ],
  [
    "kubectl expose deployment web --type=NodePort --port=80 --target-port=8080",
    { code: 0, stdout: /^service\/web exposed$/m },
  ],
  ["kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}'", { code: 0, stdout: /^3[0-2]\d{3}$/ }],
  ["kubectl get pvc --all-namespaces", { code: 0, stdout: /^default +data +Pending .* gp3 /m }],
  // Nothing answers for metrics-server in a rehearsal: its chart of this project has no API service.
  ["kubectl top nodes", { code: 1, stderr: /^error: Metrics API not available$/m }],
  [
    "kubectl autoscale deployment web --cpu-percent=60 --min=2 --max=6",
    { code: 0, stdout: /^horizontalpodautoscaler.autoscaling\/web autoscaled$/m },
  ],
  [autoscalerLog, noLog],
  [
    "kubectl get ec2nodeclasses,nodepools,nodeclaims",
    { code: 0, stdout: /ec2nodeclass\.karpenter\.k8s\.aws\/default[\s\S]*nodepool\.karpenter\.sh\/default/ },
  ],
  ["kubectl -n kube-system logs deployment/karpenter", noLog],
];

/** Runs a command of the page, and checks what it prints. */
async function run(command: string, input?: string): Promise<void> {
  const ran = await runShown(command, { kubectl, kubeconfig, ...(input === undefined ? {} : { input }) });
  const { code, stdout = /^/, stderr = /^$/ } = printed.find(([one]) => one === command)?.[1] ?? { code: 0 };
  expect(ran).toEqual({
    code,
    stdout: expect.stringMatching(stdout),
    stderr: expect.stringMatching(stderr),
  });
}

const config = { ...smallCluster, ...everything };

beforeAll(async () => {
  if (parts === undefined) return;
  kubectl = await getKubectl((line) => void process.stdout.write(`${line}\n`));
  verified = await Verified.start({ config });
  kubeconfig = join(folder, "kubeconfig.json");
  writeFileSync(kubeconfig, verified.target.kubeconfig, { mode: 0o600 });
}, 900_000);

afterAll(async () => {
  await verified?.end();
  rmSync(folder, { recursive: true });
});

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

// One after the other: each leaves the cluster to the next one.
describe.skipIf(parts === undefined)(
  `${onRealParts}, with everything on,`,
  { timeout: 120_000, shuffle: false },
  () => {
    describe("docs/after-up.md", () => {
      it("shows no other command of kubectl than those that run here", () => {
        expect(kubectlCommands(page)).toEqual(printed.map(([command]) => command));
      });

      it("shows manifests that kubectl applies", async () => {
        await run("kubectl apply -f -", shownManifests(page));
        await run("kubectl delete service web");
      });

      it.for(printed.filter(([command]) => command !== autoscalerLog))("runs: %s", ([command]) =>
        run(command),
      );
    });

    describe("verify", () => {
      it.each(["add-ons", "webhooks", "volumes", "karpenter", "load-balancers"])(
        "passes %s",
        async (name) => {
          const outcome = await verified.judged(name);

          expect(wrong(outcome)).toEqual([]);
          expect(outcome.verdict).toBe("passed");
        },
      );

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
        await run(autoscalerLog);
        await scale("cluster-autoscaler", 0);
        expect(await untilWrong("cluster-autoscaler")).toEqual([
          "Deployment kube-system/cluster-autoscaler is scaled to 0",
        ]);
      });
    });
  },
);
