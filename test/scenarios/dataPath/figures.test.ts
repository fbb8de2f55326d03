import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubeProxy } from "../../simulator/dataPath/kubeProxy.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { connectMicroseconds, growServices } from "./figures.ts";
import { bringInServer } from "./load/underLoad.ts";
import { endpointHost, type Lab, startLab } from "./startLab.ts";
import { bringUp, configure, inCalicoNode, named, ready, until } from "./steps.ts";

/** Three nodes; connect times from a pod on node 1 to a service whose server is on node 3. */
let lab: Lab;

/** Five thousand take more than four minutes to make and to take in here. */
const many = 2000;

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  await bringUp(lab, 3, { externalServiceMode: "Tunnel" });
  await bringInServer(lab);
});

afterAll(() => lab?.stop());

/** Twice each, alternating with nothing else, and the better one: the machine is shared. */
async function best(services: number): Promise<number> {
  return Math.min(await connectMicroseconds(lab, services), await connectMicroseconds(lab, services));
}

const iptablesRules = async () =>
  Number(await lab.dataPath.node("n1").space.must(["sh", "-c", "iptables-save | wc -l"]));

describe("the time to connect to a service", () => {
  it("does not grow with the number of services in eBPF mode, nor do the rules of iptables", async () => {
    await growServices(lab, 1);
    const [one, rules] = [await best(1), await iptablesRules()];
    await growServices(lab, many);
    const [withMany, rulesThen] = [await best(many), await iptablesRules()];
    process.stdout.write(`eBPF: ${one} µs with 1 service, ${withMany} µs with ${many}; ${rulesThen} lines\n`);
    expect(withMany / one).toBeLessThan(1.2);
    expect(rulesThen).toBeLessThan(rules + 10);
  }, 240_000);

  it("takes kube-proxy a rule for each service and more", async () => {
    for (const object of kubeProxy(endpointHost)) await lab.api.apply(object, { manager: "eks" });
    await configure(lab, { bpfEnabled: false });
    await until(
      "iptables mode",
      60,
      async () => !/cali_tc/.test(await inCalicoNode(lab, 1, ["bpftool", "net"])),
    );
    await ready(lab, 3);
    const lines = await until("rules of every service", 120, iptablesRules, (count) => count > many * 4);
    expect(lines).toBeGreaterThan(many * 4);
    const withMany = await best(many);
    process.stdout.write(`iptables: ${withMany} µs with ${many} services; ${await iptablesRules()} lines\n`);
    await lab.api.delete(named("apps/v1", "DaemonSet", "kube-proxy", "kube-system"));
  }, 240_000);
});
