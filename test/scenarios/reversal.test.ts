import { describe, expect, it } from "vitest";
import { nameOf } from "../../infra/commands/shared/graph.ts";
import { configOf, type SwitchState } from "../rehearsal/switching/states.ts";
import { asBefore } from "./formerState.ts";
import { failureOf, type LivingStack, livingStack } from "./livingStack.ts";
import { smallCluster } from "./rehearsed.ts";
import { withEndpoint } from "./tampering.ts";

const withRelease = (release: string) => ({
  ...smallCluster,
  "calico-ebpf-eks:nodePools": { default: { release } },
});
const config = withRelease("1.35.4-20260601");
const onBpf: SwitchState = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" };
const back: SwitchState = { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" };
const endpointKey = "v1/ConfigMap/tigera-operator/kubernetes-services-endpoint";

/** A stack on eBPF whose operator does not run any more, and never will. */
async function broken(kubeProxy: SwitchState["kubeProxy"] = "Absent"): Promise<LivingStack> {
  let gone: string | undefined;
  const stack = await livingStack({
    config: configOf({ ...onBpf, kubeProxy }, config),
    parallel: 2,
    // An up after a refresh would put the right address back.
    tampering: () => (gone === undefined ? undefined : withEndpoint(gone)),
  });
  await stack.engine.up();
  gone = "gone.example";
  stack.world.kubernetes.api.merge(endpointKey, { data: { KUBERNETES_SERVICE_HOST: gone } }, "someone");
  expect(stack.world.kubernetes.operator.available).toBe(false);
  return stack;
}

/** Goes back, which ends at the gate: without an operator eBPF stays on. */
async function reverse({ engine, world }: LivingStack, up: () => Promise<unknown>): Promise<void> {
  const failure = await failureOf(up());

  expect(world.kubernetes.kubeProxy()).toBe("Running");
  expect(failure).toContain(
    '"dataplane-gate" failed to fully initialize or become live: timed out waiting for the condition',
  );
  expect(world.activity.timedOut.map(({ what }) => what)).toContain(
    'FelixConfiguration default: Waiting for {.spec.bpfEnabled}=false (found "true")',
  );
  expect(world.activity.timedOut.map(({ urn }) => nameOf(urn))).not.toContain(
    "tigera-operator:tigera-operator/tigera-operator",
  );
  expect(engine).toBeDefined();
}

describe("with an operator that does not run, kube-proxy is back", () => {
  it.each(["Absent", "Parked"] as const)("from %s, at once", async (kubeProxy) => {
    const stack = await broken(kubeProxy);
    await stack.engine.configure(configOf(back, config));

    await reverse(stack, () => stack.engine.up());
  });

  it("after a refresh", async () => {
    const stack = await broken();
    await stack.engine.refresh();
    await stack.engine.configure(configOf(back, config));

    await reverse(stack, () => stack.engine.up());
  });

  it("by up --refresh, as docs/operations.md has it", async () => {
    const stack = await broken();
    await stack.engine.configure(configOf(back, config));

    await reverse(stack, () => stack.engine.up(undefined, [], true));
  });

  it("after an update that failed", async () => {
    const stack = await broken();
    await stack.engine.configure(
      configOf({ ...onBpf, externalService: "Tunnel" }, withRelease("1.35.4-20260714")),
    );
    expect(await failureOf(stack.engine.up())).toContain("NodeCreationFailure");
    await stack.engine.refresh();
    await stack.engine.configure(configOf(back, config));

    await reverse(stack, () => stack.engine.up());
  });

  it("in a stack of before, whose state has the operator's error after a refresh", async () => {
    const stack = await broken();
    const { engine } = stack;
    await engine.replaceDeployment(asBefore(await engine.deployment()));
    await engine.refresh();
    expect(JSON.stringify(await engine.deployment())).toContain(
      "Minimum number of live Pods was not attained",
    );
    await engine.configure(configOf(back, config));

    await reverse(stack, () => engine.up());
  });

  it("while a node group is updated in vain by the same update", async () => {
    const stack = await broken();
    const { engine, world } = stack;
    await engine.configure(configOf(back, withRelease("1.35.4-20260714")));
    const failure = await failureOf(engine.up());

    expect(failure).toContain("NodeCreationFailure");
    expect(world.kubernetes.kubeProxy()).toBe("Running");
  });
});
