import { expect, it } from "vitest";
import { EbsStorage } from "../../../components/eksAddons.ts";
import { addonsOf, usesPodIdentity } from "../../../components/specs/addons.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find } from "../../support/graph.ts";
import { settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const driver = "aws-ebs-csi-driver";

it("EBS volumes are encrypted, in the pod's zone and the default, once the driver runs", async () => {
  const { resources } = await record(() => new EbsStorage("ebs-gp3", { driver: new Stub("driver") }));
  const storageClass = find(resources, "kubernetes:storage.k8s.io/v1:StorageClass");

  expect(storageClass.inputs).toEqual({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "gp3",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Delete",
  });
  expect(dependenciesOf(resources, storageClass)).toEqual(["test:index:Stub driver"]);
});

it("storage.ebs brings the add-on with its region, tags and credentials, and the agent", () => {
  const on = settings({ storage: { ebs: true }, tags: { team: "net" } });

  expect(addonsOf(on)).toEqual({
    "eks-pod-identity-agent": { configuration: {} },
    "aws-ebs-csi-driver": {
      configuration: { controller: { region: "eu-west-1", extraVolumeTags: { team: "net" } } },
      podIdentity: {
        namespace: "kube-system",
        serviceAccount: "ebs-csi-controller-sa",
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2"],
        statements: [],
      },
    },
  });
  expect(usesPodIdentity(on)).toBe(true);
  expect(addonsOf(settings())).toEqual({});
});

it("storage.ebs leaves version and further configuration of the add-on to the stack", () => {
  const own = { version: "v1.61.0-eksbuild.1", configuration: { node: { enableWindows: false } } };
  const { [driver]: addon } = addonsOf(settings({ storage: { ebs: true }, addons: { [driver]: own } }));

  expect(addon).toMatchObject({
    version: "v1.61.0-eksbuild.1",
    configuration: { controller: { region: "eu-west-1" }, node: { enableWindows: false } },
    podIdentity: { serviceAccount: "ebs-csi-controller-sa" },
  });
});
