import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../../../infra/commands/verify/check.ts";
import { containsAddress } from "../../simulator/aws/addresses.ts";
import type { PodRun } from "../../simulator/dataPath/podRun.ts";
import type { Space } from "../../simulator/dataPath/space.ts";
import { StackOnLab, wrongIn } from "./stackOnLab.ts";
import { ask, named, nodePort, until } from "./steps.ts";
import { idlePod, nodePortService, serverPod } from "./workloads.ts";

/**
 * A stack on the AWS VPC CNI, up on real packets: its own programs give pods addresses of the node subnets. Node 0 has
 * the server, node 1 gets the requests.
 */
let stack: StackOnLab;
let client: Space;

vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  stack = await StackOnLab.start("AmazonVPC");
  client = await stack.dataPath.addClient("client", {
    ip: "10.40.200.50",
    prefixLength: 24,
    gateway: "10.40.200.1",
  });
  for (const object of [
    serverPod("web", stack.node(0).name, { app: "web" }),
    idlePod("near", stack.node(0).name),
    idlePod("far", stack.node(1).name),
    nodePortService("web", "web", nodePort),
  ]) {
    await stack.api.apply(object, { manager: "test" });
  }
  await until("an answer through the NodePort", 60, async () =>
    (await ask(client, stack.node(0).ip)).startsWith("10."),
  );
});

afterAll(() => stack?.end());

/** Pods of a node that are on the pod network. */
const podsOn = (index: number) => stack.node(index).pods.filter(({ pod }) => pod.spec.hostNetwork !== true);

function pod(index: number, name: string): PodRun {
  const found = stack.node(index).pod("default", name);
  if (found === undefined) throw new Error(`no pod ${name} on node ${index}`);
  return found;
}

/** curl's code for no answer in time. */
const lost = "code 28";

/** Network interfaces of a node, as EC2 has them. */
function interfacesOf(index: number) {
  const { cloud } = stack.living.world;
  const { name } = stack.node(index);
  const instance = [...cloud.instances.values()].find(({ nodeName }) => nodeName === name);
  return (instance && cloud.network?.networkOf(instance).interfaces) ?? [];
}

/** What a pod gets from a server, or that it gets nothing. */
async function fetched(from: PodRun, url: string): Promise<string> {
  const curl = ["curl", "--insecure", "--silent", "--max-time", "2", url];
  const ended = await from.container("agnhost")?.run(curl);
  return ended?.code === 0 ? ended.stdout : `code ${ended?.code}`;
}

describe("on a cluster that is well", () => {
  it("pods have addresses that AWS has given the only interface of their node", () => {
    for (const index of [0, 1]) {
      const [first, ...others] = interfacesOf(index);
      const strangers = podsOn(index).filter(
        ({ ip }) => !first?.prefixes.some((one) => containsAddress(one, ip)),
      );
      expect(strangers.map((one) => one.pod.metadata.name)).toEqual([]);
      expect(others).toEqual([]);
    }
    expect(podsOn(0).length).toBeGreaterThan(1);
  });

  it("every check passes", async () => {
    const outcomes = [...(await stack.verify()).values()];
    const applies = ({ verdict }: Outcome) => verdict !== "not applicable";
    expect(outcomes.filter(applies).flatMap(wrongIn)).toEqual([]);
    const others = outcomes.filter((one) => !applies(one)).map(({ name }) => name);
    expect(others.toSorted()).toEqual([
      "cluster-autoscaler",
      "karpenter",
      "load-balancers",
      "node-metrics",
      "node-subnet",
      "pod-credentials",
      "volumes",
    ]);
  });

  it.each([0, 1])("a NodePort keeps the client's address through node %i", async (index) => {
    expect(await ask(client, stack.node(index).ip)).toMatch(/^10\.40\.200\.50:\d+$/);
  });

  it("pods reach each other with their own addresses, the API server by its service, and the internet", async () => {
    const [near, far] = [pod(0, "near"), pod(1, "far")];
    const { ip } = pod(0, "web");
    expect(await fetched(near, `http://${ip}:8080/clientip`)).toMatch(new RegExp(`^${near.ip}:`));
    expect(await fetched(far, `http://${ip}:8080/clientip`)).toMatch(new RegExp(`^${far.ip}:`));
    expect(await fetched(far, "https://172.20.0.1/version")).toContain('"gitVersion"');
    expect(await fetched(far, "https://198.18.0.10/")).toBe("");
  });

  it("the source/destination check leaves pods alone", async () => {
    await checkOn(0, true);
    expect(await fetched(pod(1, "far"), `http://${pod(0, "web").ip}:8080/clientip`)).toMatch(/^10\./);
    expect(await ask(client, stack.node(1).ip)).toMatch(/^10\.40\.200\.50:/);
    await checkOn(0, false);
  });
});

describe("what breaks it", () => {
  it("a rule of its releases 1.23.0 to 1.23.2 cuts pods off from what is not a pod", async () => {
    const rules =
      "table ip aws-cni { chain nat-prerouting { type nat hook prerouting priority -90; fib daddr type local return; meta mark set ct mark & 0x80; }; }";
    const [far, { space }] = [pod(1, "far"), stack.node(1)];
    const others = ["https://172.20.0.1/version", "https://198.18.0.10/"];
    const each = (urls: readonly string[]) => Promise.all(urls.map((url) => fetched(far, url)));

    await space.must(["nft", rules]);
    expect(await each(others)).toEqual([lost, lost]);
    // Felix's programs hand packets to other pods on by themselves.
    expect(await fetched(far, `http://${pod(0, "web").ip}:8080/clientip`)).toMatch(/^10\./);
    expect(await ask(client, stack.node(1).ip)).toMatch(/^10\.40\.200\.50:/);
    await space.must(["nft", "delete table ip aws-cni"]);
    expect(await each(others)).not.toContain(lost);
  });

  it("without the permission of its role it ends, and the pods that are there go on", async () => {
    const { aws } = stack.living.world;
    const attachment = aws
      .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .find(({ inputs }) => String(inputs["policyArn"]).endsWith("/AmazonEKS_CNI_Policy"));
    if (attachment === undefined) throw new Error("the role has no policy");
    const { policyArn = "" } = attachment.inputs;
    const attached = (arn: typeof policyArn) => {
      attachment.inputs = { ...attachment.inputs, policyArn: arn };
    };
    attached("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
    await restartAwsNode(1);
    await until("a call that is refused", 60, async () =>
      stack.dataPath.aws.calls.some(
        ({ action, allowed }) => action === "DescribeNetworkInterfaces" && !allowed,
      ),
    );
    expect(await stack.failing(["vpc-cni"])).toEqual(["vpc-cni"]);
    expect(await fetched(pod(1, "far"), `http://${pod(0, "web").ip}:8080/clientip`)).toMatch(/^10\./);
    attached(policyArn);
    await restartAwsNode(1);
    await until("aws-node ready again", 60, async () => (await stack.failing(["vpc-cni"])).length === 0);
  });
});

/** Deletes aws-node on a node; its DaemonSet makes another. */
async function restartAwsNode(index: number): Promise<void> {
  const { name = "", namespace } = stack.runsOn(index, "aws-node")?.pod.metadata ?? {};
  await stack.api.delete(named("v1", "Pod", name, namespace), { gracePeriodSeconds: 1 });
}

async function checkOn(index: number, on: boolean): Promise<void> {
  const { name } = stack.node(index);
  await stack.dataPath.vpc.change(new Map([[name, { sourceDestCheck: on }]]));
}
