import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { livingStack, stepsOf } from "./livingStack.ts";

type Values = Readonly<Record<string, unknown>>;

interface StateResource {
  readonly urn: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
}

/** A role that says what another one says of its trust and of itself. */
function alike(one: StateResource, { inputs = {}, outputs = {} }: StateResource): StateResource {
  const said = (of: Values) => ({ assumeRolePolicy: of["assumeRolePolicy"], description: of["description"] });
  return {
    ...one,
    inputs: { ...one.inputs, ...said(inputs) },
    outputs: { ...one.outputs, ...said(outputs) },
  };
}

interface RecordedStack {
  readonly config: Readonly<Record<string, unknown>>;
  readonly resources: readonly unknown[];
}

/** The state of a sample stack as the release before the definitions and the new tree left it. */
function recordedStack(name: string): RecordedStack {
  return JSON.parse(readFileSync(join(import.meta.dirname, "recordedStacks", `${name}.json`), "utf8"));
}

const definitions = [
  "import apiservers.operator.tigera.io",
  "import felixconfigurations.crd.projectcalico.org",
  "import installations.operator.tigera.io",
];

/** The gates of the operator's other statuses. */
const statuses = ["create ippools", "create status-gates", "create tiers"];

/** The version that EKS gives by default has changed since. */
const coreDns = "update coredns";

const operator = "update tigera-operator:tigera-operator/tigera-operator";

const expected: Readonly<Record<string, readonly string[]>> = {
  dev: [
    "create apiserver",
    "create calico-crds",
    "create dataplane-gate",
    ...statuses,
    ...definitions,
    coreDns,
    operator,
  ],
  prod: [
    "create apiserver",
    "create calico-crds",
    "create calico-ebpf-eks-prod",
    "create calico-ebpf-eks-prod-api-clients-10.0.0.0-16",
    "create dataplane-gate",
    ...statuses,
    ...definitions,
    coreDns,
    operator,
  ],
};

it.each(["dev", "prod"])("the stack %s of the last release previews without a replacement", async (name) => {
  const { config, resources } = recordedStack(name);
  const cluster = {
    ...(config["calico-ebpf-eks:cluster"] as object),
    name: `calico-ebpf-eks-${name}`,
    ...(name === "prod" ? { privateAccessCidrs: ["10.0.0.0/16"] } : {}),
  };
  const { engine } = await livingStack({ config: { ...config, "calico-ebpf-eks:cluster": cluster } });
  await engine.up();
  const deployment = (await engine.deployment()) as { resources: StateResource[] };
  const role = deployment.resources.find(({ urn }) => urn.endsWith("-eksRole-role"));
  const former: StateResource[] = JSON.parse(
    JSON.stringify(resources)
      .replaceAll(`urn:pulumi:${name}::`, "urn:pulumi:dev::")
      .replaceAll(`pulumi:pulumi:Stack::calico-ebpf-eks-${name}`, "pulumi:pulumi:Stack::calico-ebpf-eks-dev"),
  );
  await engine.replaceDeployment({
    ...deployment,
    // The real component has registered its role like this all along; only its simulation has learned it since.
    resources: former.map((one) => (one.urn === role?.urn ? alike(one, role) : one)),
  });

  const steps = [...new Set(await stepsOf((onEvent) => engine.preview(onEvent)))];
  expect(steps.filter((step) => !step.includes("-eksRole"))).toEqual(expected[name]);
});
