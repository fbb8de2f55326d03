import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import { noChoices, type PolicyResource } from "../../../../../infra/policies/policy.ts";
import { resource } from "../../../../support/policies.ts";

const cluster = (tags: object = {}) =>
  resource("aws:eks/cluster:Cluster", {
    bootstrapSelfManagedAddons: false,
    vpcConfig: { endpointPublicAccess: false },
    enabledClusterLogTypes: ["audit"],
    tags,
  });
const bucket = (props: object) => resource("aws:s3/bucket:Bucket", { ...props }, { name: "bucket" });
const vpc = (props: object) => resource("aws:ec2/vpc:Vpc", { ...props }, { name: "vpc" });

const messages = (resources: readonly PolicyResource[], requiredTags: readonly string[] = []) =>
  findings(resources, { ...noChoices, requiredTags }).map(
    ({ urn, message }) => `${urn.split("::")[1]}: ${message}`,
  );

describe("tags", () => {
  it.each<[string, PolicyResource[], string[], string[]]>([
    [
      "one that the cluster has",
      [cluster({ team: "net", Name: "dev" }), vpc({ tags: { owner: "me" } })],
      [],
      [
        "vpc: it has no tag team; it is needed on everything. Set tags in the stack file, or on the resource.",
      ],
    ],
    [
      "two that an organization requires",
      [vpc({})],
      ["team", "cost"],
      [
        "vpc: it has no tag team, cost; they are needed on everything. Set tags in the stack file, or on the resource.",
      ],
    ],
    [
      "one on a resource of the user's own",
      [bucket({ tagsAll: {} })],
      ["team"],
      [
        "bucket: it has no tag team; it is needed on everything. Set tags in the stack file, or on the resource.",
      ],
    ],
    [
      "all of them, through the provider's default tags",
      [bucket({ tags: { a: "b" }, tagsAll: { a: "b", team: "net" } })],
      ["team"],
      [],
    ],
    ["of what AWS cannot tag", [resource("aws:ec2/route:Route", {})], ["team"], []],
    ["of an unknown type that has none", [resource("aws:s3/bucketPolicy:BucketPolicy", {})], ["team"], []],
    ["where none are required", [cluster(), vpc({})], [], []],
  ])("are missed, or not: %s", (_name, resources, required, expected) => {
    expect(messages(resources, required)).toEqual(expected);
  });
});

const inCluster = (deletedWith: string | undefined, changes: Partial<PolicyResource> = {}) =>
  resource("kubernetes:core/v1:ConfigMap", {}, { name: "config", deletedWith, ...changes });
const waits =
  "config: a destroy deletes it before the cluster, and may wait forever; it must be deleted with the cluster. Set the option deletedWith to the eks.Cluster.";

const nodePool = (deletedWith: string, parent = "") =>
  resource("kubernetes:karpenter.sh/v1:NodePool", {}, { name: "pool", deletedWith, parent });
const stays =
  "pool: a destroy deletes the cluster without it, and its instances stay; it must be deleted while Karpenter runs. Remove the option deletedWith.";

describe("what is inside the cluster", () => {
  const { urn } = cluster();
  const part = (deletedWith: string) =>
    resource("calico-ebpf-eks:index:Calico", {}, { name: "part", deletedWith });

  it.each<[string, PolicyResource[], string[]]>([
    ["by itself", [cluster(), inCluster("")], [waits]],
    ["deleted with something else", [cluster(), vpc({}), inCluster(vpc({}).urn)], [waits]],
    [
      "an add-on of the user's own",
      [cluster(), resource("aws:eks/addon:Addon", { tags: {}, addonName: "adot" }, { name: "config" })],
      [waits],
    ],
    ["deleted with the cluster", [cluster(), inCluster(urn)], []],
    ["deleted with its parent", [cluster(), part(urn), inCluster("", { parent: part("").urn })], []],
    ["whose parent goes by itself", [cluster(), part(""), inCluster("", { parent: part("").urn })], [waits]],
    ["a NodePool by itself", [cluster(), nodePool("")], []],
    ["a NodePool deleted with the cluster", [cluster(), nodePool(urn)], [stays]],
    ["a NodePool deleted with its parent", [cluster(), part(urn), nodePool("", part("").urn)], [stays]],
    ["of a cluster that is not the stack's", [inCluster("")], []],
    ["for which it is unknown, as in a policy pack", [cluster(), inCluster(undefined)], []],
  ])("%s", (_name, resources, expected) => {
    expect(messages(resources)).toEqual(expected);
  });
});
