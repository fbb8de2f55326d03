import type { Check } from "../../check.ts";
import { fromEachProbe, insist, servicePort } from "../../workloads/ask.ts";
import { probeLabel, probePort, probes } from "../../workloads/probes.ts";

/** Seconds after which a node should know a service. Felix takes about one. */
const patienceSeconds = 15;

/** What was programmed once goes on to work when nothing programs any more; only something new shows it. */
export const newService: Check = {
  name: "service-new",
  title: "a service made just now answers on every node",
  source: "projectcalico/calico felix/bpf/proxy: each calico-node writes the service tables of its own node",
  meaning:
    "The services that there were go on to work on this node, but it learns of no new one and of no new pod.",
  cure: "Read the log of calico-node there for errors of its proxy, and restart that pod: kubectl delete pod.",
  needs: ["workloads", "exec"],
  async run(live) {
    const { workloads } = await probes(live);
    const { clusterIp } = await workloads.addService({
      name: "made-just-now",
      selector: probeLabel,
      port: servicePort,
      targetPort: probePort,
    });
    return fromEachProbe(live, async (probe) => {
      const url = `http://${clusterIp}:${servicePort}/hostname`;
      const { ok, text, tries } = await insist(live, probe, `curl -sS -m 5 ${url}`, patienceSeconds);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok
          ? `${clusterIp}:${servicePort} answered at attempt ${tries}`
          : `${clusterIp}:${servicePort} did not answer in ${tries} attempts, a second apart: ${text}`,
      };
    });
  },
};
