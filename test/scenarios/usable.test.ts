import { expect, it } from "vitest";
import { upSchedule } from "../rehearsal/timeline/estimate.ts";
import { durations, milestones } from "../simulator/durations.ts";
import { everything } from "../support/everything.ts";
import { rehearsed, smallCluster } from "./rehearsed.ts";

const usable = {
  "calico-ebpf-eks:cluster": { ...smallCluster["calico-ebpf-eks:cluster"], oidcProvider: true },
  "calico-ebpf-eks:metrics": "true",
  "calico-ebpf-eks:nodeFirewall": { fromControlPlane: [{ for: "cert-manager" }] },
  "calico-ebpf-eks:networkPolicies": { defaultDeny: ["shop"], allowPodIdentity: true },
  "calico-ebpf-eks:addons": {
    "aws-ebs-csi-driver": {
      podIdentity: {
        serviceAccount: "ebs-csi-controller-sa",
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
      },
    },
    "snapshot-controller": {},
  },
  "calico-ebpf-eks:podIdentities": {
    orders: {
      namespace: "shop",
      serviceAccount: "orders",
      statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
    },
  },
};

it("A rehearsal passes with add-ons, credentials for pods, webhooks' ports and metrics, and leaves nothing", async () => {
  const { problems, checks, leftBehind } = await rehearsed({
    config: { ...smallCluster, ...usable },
    until: "destroy",
  });

  expect(problems).toEqual([]);
  expect(checks).toContainEqual({ name: "pods get the credentials of their roles", failures: [] });
  expect(leftBehind).toEqual([]);
});

it("With everything on, a rehearsal passes, and the cluster is ready as soon as AWS and Calico allow", async () => {
  const { problems, leftBehind, resources } = await rehearsed({
    config: { ...smallCluster, ...everything },
    until: "destroy",
  });

  expect(problems).toEqual([]);
  expect(leftBehind).toEqual([]);
  const schedule = upSchedule(resources);
  const [coreDns] = resources.filter(
    ({ type, name }) => type.endsWith(":DeploymentPatch") && name === "coredns",
  );
  const ready = schedule.get(coreDns?.urn ?? "")?.endSeconds ?? Number.POSITIVE_INFINITY;
  // One after another, whatever the order of the rest: network, control plane, first node, Calico on it, DNS.
  const create = (type: keyof typeof durations) => durations[type].create;
  const lowerBound =
    create("aws:ec2/vpc:Vpc") +
    create("aws:ec2/subnet:Subnet") +
    create("aws:eks/cluster:Cluster") +
    milestones.instanceBoot.seconds +
    milestones.calicoNodeStart.seconds +
    create("aws:eks/addon:Addon");
  expect(ready / lowerBound).toBeGreaterThanOrEqual(1);
  expect(ready / lowerBound).toBeLessThanOrEqual(1.1);
}, 180_000);

it("An add-on of another Kubernetes version ends the preview", async () => {
  const { problems, resources } = await rehearsed({
    config: { ...smallCluster, "calico-ebpf-eks:addons": { "metric-server": {} } },
  });

  expect(problems.join("\n")).toContain(
    "addons.metric-server: EKS has no add-on metric-server for Kubernetes",
  );
  expect(resources.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
});

it("Load balancers whose subnets are all in one zone are refused in the end", async () => {
  const { problems } = await rehearsed({
    config: { ...smallCluster, "calico-ebpf-eks:loadBalancers": true },
    tampering: ({ type, name, props }) =>
      type === "aws:ec2/subnet:Subnet" && name.includes("-load-balancer-eu-west-1b")
        ? { props: { ...props, tags: {} } }
        : undefined,
  });

  expect(problems).toEqual([
    "failed: Services and Ingresses get public load balancers: ValidationError: At least two subnets in two different Availability Zones must be specified",
  ]);
});
