import { describe, expect, it } from "vitest";
import { judge } from "../../rehearsal/switching/judgement.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { failureOf, switchedStack } from "./switchedStack.ts";

const typhaRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const isForTypha = ({ inputs }: { inputs: Readonly<Record<string, unknown>> }) => inputs["fromPort"] === 5473;

describe.skipIf(parts === undefined)(onRealParts, { timeout: 600_000 }, () => {
  it.each(["Parked", "Absent"] as const)(
    "kube-proxy comes back from %s while calico-node cannot become ready, and up then fails for that reason",
    async (kubeProxy) => {
      const stack = await switchedStack();
      const { engine, world } = stack;
      await stack.configure({ dataplane: "BPF", externalService: "DSR", kubeProxy });
      await engine.up();
      const since = stack.version();
      // Typha's port was closed manually.
      for (const { id, urn } of world.aws.ofType(typhaRule).filter(isForTypha)) {
        await world.aws.delete({ urn, type: typhaRule, name: "typha" }, id);
      }
      expect(world.kubernetes.reports().filter(({ ready }) => !ready)).toHaveLength(1);

      await stack.configure({ dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" });
      // The ready gate is to wait in vain.
      stack.becomeImpatient();
      const failure = await failureOf(engine.up());

      expect(failure).toMatch(
        /failed to fully initialize or become live: timed out waiting for the condition/,
      );
      expect(world.kubernetes.reports().map(({ problem }) => problem ?? "")).toContainEqual(
        expect.stringContaining("cannot connect to Typha"),
      );
      expect(world.kubernetes.kubeProxy()).toBe("Running");
      expect(world.kubernetes.reports().map(({ bpf }) => bpf)).toEqual([false, false]);
      expect(judge(stack.moments(), since).unserved).toEqual([]);
    },
  );
});
