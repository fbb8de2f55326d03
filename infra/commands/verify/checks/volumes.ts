import { counted } from "../../../../components/values/problem.ts";
import { oneLine } from "../../../text.ts";
import { type Check, type Finding, type Live, oncePerRun } from "../check.ts";
import { type LiveNode, nodes } from "../reading/objects.ts";
import { requiredFinding } from "../reading/workloads.ts";

/** Name of the EBS CSI driver, in StorageClasses and on nodes. */
const driver = "ebs.csi.aws.com";

interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly provisioner: string;
}

interface CsiNode {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly drivers?:
      | readonly { readonly name: string; readonly allocatable?: { readonly count?: number } }[]
      | null;
  };
}

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly storageClassName?: string };
  readonly status?: { readonly phase?: string };
}

interface Event {
  readonly message?: string;
}

const classes = oncePerRun(async ({ cluster }) => {
  const found = await cluster.list(
    "/apis/storage.k8s.io/v1/storageclasses",
    (object) => object as StorageClass,
  );
  return found ?? [];
});

/** Whether pods get EBS volumes. */
export const volumes: Check = {
  name: "volumes",
  title:
    "claims get EBS volumes: one default StorageClass, a working controller, and the driver on every node",
  source:
    "kubernetes.io, Storage Classes and CSINode; kubernetes-sigs/aws-ebs-csi-driver 429e202e charts/aws-ebs-csi-driver",
  meaning:
    "Claims or their pods stay Pending. No EBS volume can be attached to a node that the finding names.",
  cure: "Follow the finding; npx pulumi up --refresh restores the StorageClass and the add-on. Where a claim gets no volume, its event says which permission or quota is missing.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await ownClasses(live)).length > 0 || "no StorageClass is for the EBS CSI driver",
  async run(live) {
    const controller = { kind: "Deployment", namespace: "kube-system", name: "ebs-csi-controller" } as const;
    return [
      ...(await defaultFindings(live)),
      await requiredFinding(live, controller),
      ...(await nodeFindings(live)),
      ...(await claimFindings(live)),
    ];
  },
};

async function ownClasses(live: Live): Promise<string[]> {
  const found = (await classes(live)).filter(({ provisioner }) => provisioner === driver);
  return found.map(({ metadata }) => metadata.name);
}

/** A cluster that is not a stack's may have no default on purpose. */
async function defaultFindings(live: Live): Promise<Finding[]> {
  const isDefault = "storageclass.kubernetes.io/is-default-class";
  const found = (await classes(live)).filter(({ metadata }) => metadata.annotations?.[isDefault] === "true");
  const names = found.map(({ metadata }) => metadata.name);
  if (names.length === 1) return [{ verdict: "passed", evidence: `${names} is the default StorageClass` }];
  if (names.length > 1) {
    const evidence = `${names.join(" and ")} are default StorageClasses: a claim that names no class gets the newest`;
    return [{ verdict: "failed", evidence }];
  }
  if (live.target.expected === undefined) return [];
  return [
    {
      verdict: "failed",
      evidence: "no StorageClass is the default: a claim that names no class stays Pending",
    },
  ];
}

/** The kubelet lists a driver in its node's CSINode once the driver's pod has registered. */
async function nodeFindings(live: Live): Promise<Finding[]> {
  const found = await live.cluster.list("/apis/storage.k8s.io/v1/csinodes", (one) => one as CsiNode);
  const byNode = new Map(found?.map(({ metadata, spec }) => [metadata.name, spec.drivers ?? []]));
  const canHave = ({ ready, operatingSystem, instanceId }: LiveNode) =>
    ready && operatingSystem === "linux" && instanceId !== undefined;
  return (await nodes(live)).filter(canHave).map(({ name: node }): Finding => {
    const registered = byNode.get(node)?.find(({ name }) => name === driver);
    if (registered === undefined) {
      return {
        node,
        verdict: "failed",
        evidence: `${driver} is not registered: see the log of ebs-csi-node`,
      };
    }
    const { count } = registered.allocatable ?? {};
    const room = count === undefined ? "" : `, with room for ${counted(count, "volume")}`;
    return { node, verdict: "passed", evidence: `${driver} is registered${room}` };
  });
}

/** A claim without a pod is Pending, too: only what the controller has tried and failed with counts. */
async function claimFindings(live: Live): Promise<Finding[]> {
  const names = await ownClasses(live);
  const all = (await live.cluster.list("/api/v1/persistentvolumeclaims", (object) => object as Claim)) ?? [];
  const claims = all.filter(({ spec }) => names.includes(spec.storageClassName ?? ""));
  const waiting = claims.filter(({ status }) => status?.phase !== "Bound");
  const found = await Promise.all(waiting.map((claim) => waitingFinding(live, claim)));
  const bound = claims.length - waiting.length;
  return [
    ...(bound === 0
      ? []
      : [{ verdict: "passed", evidence: `${counted(bound, "claim")} with a volume` } as const]),
    ...found.flat(),
  ];
}

async function waitingFinding(
  { cluster }: Live,
  { metadata: { namespace, name }, status }: Claim,
): Promise<Finding[]> {
  const named = `PersistentVolumeClaim ${namespace}/${name}`;
  if (status?.phase === "Lost") {
    return [{ verdict: "failed", evidence: `the volume of ${named} no longer exists` }];
  }
  const events = await cluster.list(`/api/v1/namespaces/${namespace}/events`, (one) => one as Event, {
    fieldSelector: `involvedObject.kind=PersistentVolumeClaim,involvedObject.name=${name},reason=ProvisioningFailed`,
  });
  const message = events?.at(-1)?.message;
  return message === undefined ? [] : [{ verdict: "failed", evidence: `${named}: ${oneLine(message)}` }];
}
