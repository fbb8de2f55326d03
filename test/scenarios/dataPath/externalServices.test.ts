import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forwardedConnections } from "../../../infra/commands/verify/checks/replyPath.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { type Lab, startLab } from "./startLab.ts";
import { ask, bringUp, configure, inCalicoNode, ipOf, serve, trafficDuring, until } from "./steps.ts";

/** Three nodes; one server, on node 3; a client in another subnet. */
let lab: Lab;

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  const began = performance.now();
  await bringUp(lab, 3, { externalServiceMode: "Tunnel" });
  await serve(lab, 3);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`first answer through a NodePort: ${seconds} s after three nodes were started\n`);
});

afterAll(() => lab?.stop());

/** Takes three megabytes through a node, and says by whom they were sent. */
async function shareOfReplies(
  ingress: number,
): Promise<{ readonly ingress: number; readonly server: number }> {
  const path = "/shell?cmd=seq+1+400000";
  const traffic = await trafficDuring(lab, async () => {
    const answer = await ask(lab.client, ipOf(ingress), path);
    expect(answer.length).toBeGreaterThan(2_000_000);
  });
  const client = traffic.get("client")?.receivedBytes ?? 0;
  const sentBy = (node: number) => (traffic.get(`n${node}`)?.sentBytes ?? 0) / client;
  return { ingress: sentBy(ingress), server: sentBy(3) };
}

describe("Felix on its own", () => {
  it("turns the source/destination check of its node off", () => {
    for (const number of [1, 2, 3]) {
      const id = `i-${String(number).padStart(17, "0")}`;
      expect(lab.dataPath.instance(id)?.sourceDestCheck).toBe(false);
      expect(lab.dataPath.aws.calls.filter((call) => call.instanceId === id)).toEqual(
        expect.arrayContaining([
          { instanceId: id, action: "DescribeInstances", allowed: true },
          { instanceId: id, action: "ModifyNetworkInterfaceAttribute", allowed: true },
        ]),
      );
    }
  });
});

describe("a NodePort in mode Tunnel", () => {
  it.each([1, 2, 3])("keeps the client's address through node %i", async (number) => {
    expect(await ask(lab.client, ipOf(number))).toMatch(/^10\.40\.200\.50:\d+$/);
  });

  it("sends the replies back through the node that received the request", async () => {
    const { ingress, server } = await shareOfReplies(1);
    expect(ingress).toBeGreaterThan(0.98);
    expect(server).toBeGreaterThan(0.98);
  });

  it("is tracked as forwarded, with replies seen", async () => {
    await ask(lab.client, ipOf(1));
    const dump = await inCalicoNode(lab, 1, ["calico-node", "-bpf", "conntrack", "dump", "--raw"]);
    const forwarded = forwardedConnections(dump).filter(({ askedIp }) => askedIp === ipOf(1));
    expect(forwarded).toContainEqual({
      askedIp: ipOf(1),
      tunnelIp: ipOf(3),
      flags: ["np-fwd"],
      sawReplies: true,
    });
  });

  it("does not mind the source/destination check", async () => {
    await lab.dataPath.setSourceDestCheck("i-00000000000000003", true);
    expect(await ask(lab.client, ipOf(1))).toMatch(/^10\.40\.200\.50:/);
    await lab.dataPath.setSourceDestCheck("i-00000000000000003", false);
  });
});

describe("a NodePort in mode DSR", () => {
  beforeAll(async () => {
    await configure(lab, { bpfExternalServiceMode: "DSR" });
    await until(
      "replies by the server's node",
      90,
      async () => (await shareOfReplies(1).catch(() => ({ ingress: 1 }))).ingress < 0.5,
    );
  });

  it.each([1, 2, 3])("keeps the client's address through node %i", async (number) => {
    expect(await ask(lab.client, ipOf(number))).toMatch(/^10\.40\.200\.50:\d+$/);
  });

  it("sends the replies from the server's node: the node that received the request carries less than 2 % of them", async () => {
    const { ingress, server } = await shareOfReplies(1);
    expect(ingress).toBeLessThan(0.02);
    expect(server).toBeGreaterThan(0.98);
  });

  it("is tracked as such, with no reply ever seen on the node that received the request", async () => {
    await ask(lab.client, ipOf(1));
    const dump = await inCalicoNode(lab, 1, ["calico-node", "-bpf", "conntrack", "dump", "--raw"]);
    const forwarded = forwardedConnections(dump).filter(({ askedIp }) => askedIp === ipOf(1));
    expect(forwarded).toContainEqual({
      askedIp: ipOf(1),
      tunnelIp: ipOf(3),
      flags: ["fwd-dsr", "np-fwd"],
      sawReplies: false,
    });
  });

  it("breaks through other nodes, and only there, where the server's interface has the check on", async () => {
    await lab.dataPath.setSourceDestCheck("i-00000000000000003", true);
    expect(await ask(lab.client, ipOf(1))).toBe("lost");
    expect(await ask(lab.client, ipOf(2))).toBe("lost");
    expect((await lab.dataPath.vpc.dropped("n3")).byCheck).toBeGreaterThan(0);
    expect(await ask(lab.client, ipOf(3))).toMatch(/^10\.40\.200\.50:/);
    await lab.dataPath.setSourceDestCheck("i-00000000000000003", false);
    expect(await ask(lab.client, ipOf(1))).toMatch(/^10\.40\.200\.50:/);
  });
});
