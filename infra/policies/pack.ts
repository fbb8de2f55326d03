import {
  PolicyPack,
  type ResourceValidationPolicy,
  type PolicyResource as SdkResource,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { plainProps } from "./plainProps.ts";
import { policies } from "./policies.ts";
import {
  noChoices,
  type Policy,
  type PolicyChoices,
  type PolicyResource,
  type ResourcePolicy,
  type StackPolicy,
} from "./policy.ts";

/** The pack's configuration, for the file of `--policy-pack-config`. */
const configSchema = {
  properties: {
    requiredTags: { type: "array", items: { type: "string" }, default: [] },
    openPorts: { type: "array", items: { type: "integer" }, default: [] },
  },
} as const;

/** Serves the policies to the engine, which runs this for `pulumi preview --policy-pack infra/policies`. */
export function servePolicies(): void {
  new PolicyPack("calico-ebpf-eks", {
    description: "EKS with a Calico eBPF data path, and safe defaults around it",
    enforcementLevel: "mandatory",
    policies: policies.map((policy) =>
      policy.of === "stack" ? stackPolicy(policy) : resourcePolicy(policy),
    ),
  });
}

function described({ name, description }: Policy) {
  return { name, description, configSchema: structuredClone(configSchema) as never };
}

function resourcePolicy(policy: ResourcePolicy): ResourceValidationPolicy {
  return {
    ...described(policy),
    validateResource: (args, report) => {
      for (const message of [policy.violations(resourceOf(args), choices(args))].flat()) report(message);
    },
  };
}

function stackPolicy(policy: StackPolicy): StackValidationPolicy {
  return {
    ...described(policy),
    validateStack: (args, report) => {
      const found = policy.violations(args.resources.map(resourceOf), choices(args));
      for (const { urn, message } of found) report(message, urn);
    },
  };
}

function choices(args: { getConfig<T extends object>(): T }): PolicyChoices {
  return { ...noChoices, ...args.getConfig<Partial<PolicyChoices>>() };
}

function resourceOf({
  urn,
  type,
  name,
  props,
  opts,
}: Pick<SdkResource, "urn" | "type" | "name" | "props" | "opts">): PolicyResource {
  // The engine does not pass deletedWith to a pack.
  return { urn, type, name, inputs: plainProps(props), parent: opts.parent ?? "", deletedWith: undefined };
}
