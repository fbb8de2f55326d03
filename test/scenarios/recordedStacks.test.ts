import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { livingStack, stepsOf } from "./livingStack.ts";

interface RecordedStack {
  readonly config: Readonly<Record<string, unknown>>;
  readonly resources: readonly unknown[];
}

/** The state of a sample stack as the release before the definitions and the new tree left it. */
function recordedStack(name: string): RecordedStack {
  return JSON.parse(readFileSync(join(import.meta.dirname, "recordedStacks", `${name}.json`), "utf8"));
}

const definitions = [
  "create calico-crds",
  "create dataplane-gate",
  "import apiservers.operator.tigera.io",
  "import felixconfigurations.crd.projectcalico.org",
  "import installations.operator.tigera.io",
];

const expected: Readonly<Record<string, readonly string[]>> = {
  dev: [...definitions, "update tigera-operator:tigera-operator/tigera-operator"],
  prod: [...definitions, "update tigera-operator:tigera-operator/tigera-operator"],
};

it.each(["dev", "prod"])("the stack %s of the last release previews without a replacement", async (name) => {
  const { config, resources } = recordedStack(name);
  const cluster = {
    ...(config["calico-ebpf-eks:cluster"] as object),
    name: `calico-ebpf-eks-${name}`,
    ...(name === "prod" ? { privateAccessCidrs: ["10.0.0.0/16"], deletionProtection: false } : {}),
  };
  const { engine } = await livingStack({ config: { ...config, "calico-ebpf-eks:cluster": cluster } });
  await engine.up();
  const deployment = (await engine.deployment()) as object;
  await engine.replaceDeployment({
    ...deployment,
    resources: JSON.parse(JSON.stringify(resources).replaceAll(`urn:pulumi:${name}::`, "urn:pulumi:dev::")),
  });

  const steps = [...new Set(await stepsOf((onEvent) => engine.preview(onEvent)))];
  // The component of @pulumi/eks was simulated with less in its role than the real one has.
  const ours = steps.filter((step) => !/eksRole/.test(step));
  expect(ours.filter((step) => /replace|delete/.test(step))).toEqual([]);
  expect(ours).toEqual(expected[name]);
});
