import { expect, it } from "vitest";
import type { Answer } from "./fakeApi.ts";
import { listOf, reply } from "./fakeApi.ts";
import { deployment, failures, judgedAt } from "./judgedAt.ts";

const driver = "ebs.csi.aws.com";

const storageClass = (name: string, isDefault: boolean, provisioner = driver) => ({
  metadata: {
    name,
    annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) },
  },
  provisioner,
});

const csiNode = (name: string, ...drivers: readonly object[]) => ({ metadata: { name }, spec: { drivers } });
const registered = { name: driver, allocatable: { count: 25 } };

const claim = (phase: string, storageClassName = "gp3") => ({
  metadata: { name: "data", namespace: "shop" },
  spec: { storageClassName },
  status: { phase },
});

interface Change {
  readonly classes?: readonly object[];
  readonly nodes?: readonly object[];
  readonly controller?: object | undefined;
  readonly claims?: readonly object[];
  readonly events?: Answer;
}

async function judged(change: Change = {}, target: Parameters<typeof judgedAt>[2] = {}) {
  const { classes = [storageClass("gp3", true)], claims = [], events = listOf() } = change;
  const nodes = change.nodes ?? [csiNode("one", registered), csiNode("two", registered)];
  const controller = "controller" in change ? change.controller : deployment("ebs-csi-controller");
  return judgedAt(
    "volumes",
    {
      "/apis/storage.k8s.io/v1/storageclasses": listOf(...classes),
      "/apis/storage.k8s.io/v1/csinodes": listOf(...nodes),
      "/apis/apps/v1/deployments": listOf(...(controller === undefined ? [] : [controller])),
      "/api/v1/persistentvolumeclaims": listOf(...claims),
      "/api/v1/namespaces/shop/events": events,
    },
    target,
  );
}

const stack = { expected: { stack: "dev" } };

it("passes with one default class, a controller, and the driver on every node", async () => {
  const { verdict, findings } = await judged({ claims: [claim("Bound"), claim("Pending")] }, stack);

  expect(verdict).toBe("passed");
  expect(findings).toEqual([
    { verdict: "passed", evidence: "gp3 is the default StorageClass" },
    { verdict: "passed", evidence: "Deployment kube-system/ebs-csi-controller: 2 of 2 pods available" },
    {
      node: "one",
      verdict: "passed",
      evidence: "ebs.csi.aws.com is registered, with room for 25 volumes",
    },
    {
      node: "two",
      verdict: "passed",
      evidence: "ebs.csi.aws.com is registered, with room for 25 volumes",
    },
    { verdict: "passed", evidence: "1 claim with a volume" },
  ]);
});

it.each<[string, Change, string]>([
  [
    "no class is the default",
    { classes: [storageClass("gp3", false)] },
    "no StorageClass is the default: a claim that names no class stays Pending",
  ],
  [
    "two classes are the default",
    { classes: [storageClass("gp2", true, "kubernetes.io/aws-ebs"), storageClass("gp3", true)] },
    "gp2 and gp3 are default StorageClasses: a claim that names no class gets the newest",
  ],
  [
    "the controller is gone",
    { controller: undefined },
    "there is no Deployment ebs-csi-controller in kube-system",
  ],
  [
    "the controller has no pod",
    { controller: deployment("ebs-csi-controller", { available: 0 }) },
    "Deployment kube-system/ebs-csi-controller: 0 of 2 pods available: the cluster does not say why",
  ],
  [
    "a node has another driver only",
    { nodes: [csiNode("one", registered), csiNode("two", { name: "efs.csi.aws.com" })] },
    "two: ebs.csi.aws.com is not registered: see the log of ebs-csi-node",
  ],
  [
    "the controller could not make a volume",
    {
      claims: [claim("Pending")],
      events: listOf({ message: "failed to provision volume: UnauthorizedOperation:\n CreateVolume" }),
    },
    "PersistentVolumeClaim shop/data: failed to provision volume: UnauthorizedOperation: CreateVolume",
  ],
  [
    "a volume is gone",
    { claims: [claim("Lost")] },
    "the volume of PersistentVolumeClaim shop/data no longer exists",
  ],
])("fails where %s", async (_, change, evidence) => {
  expect(failures(await judged(change, stack))).toEqual([evidence]);
});

it("asks for the failures of the claim alone, and not for those of other classes", async () => {
  let requested = "";
  const events: Answer = (request, response) => {
    requested = decodeURIComponent(request.url ?? "");
    reply(response, 200, listOf());
  };

  await judged({ claims: [claim("Pending", "efs")], events });
  expect(requested).toBe("");
  await judged({ claims: [claim("Pending")], events });
  expect(requested).toContain(
    "fieldSelector=involvedObject.kind=PersistentVolumeClaim,involvedObject.name=data,reason=ProvisioningFailed",
  );
});

it("takes a cluster that is not a stack's without a default class", async () => {
  expect((await judged({ classes: [storageClass("gp3", false)] })).verdict).toBe("passed");
});

it("does not apply without a class of the driver", async () => {
  const { verdict } = await judged({ classes: [storageClass("gp2", true, "kubernetes.io/aws-ebs")] });

  expect(verdict).toBe("not applicable");
});
