import { z } from "zod";
import type { PolicyResource } from "../../policies/policy.ts";
import { UserError } from "../shared/errors.ts";

const state = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().default(""),
  deletedWith: z.string().default(""),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** The part of the output of `pulumi preview --json` that policies read. */
const previewSchema = z.object({
  steps: z.array(z.object({ op: z.string(), urn: z.string(), newState: state.optional() })).default([]),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
  changeSummary: z.record(z.string(), z.number()),
});

const how = "Create it with `npx pulumi preview --json --show-sames > FILE`.";

/**
 * The resources as they will be after the previewed update.
 * @param file as the user named it
 * @throws UserError of one line when the text is not a preview of the whole stack
 */
export function previewedResources(file: string, text: string): PolicyResource[] {
  const { steps, diagnostics, changeSummary } = parse(file, text);
  const failure = diagnostics.find(({ severity }) => severity === "error");
  if (failure !== undefined) {
    const [line = ""] = failure.message.trim().split("\n");
    throw new UserError(`${file}: the preview failed and shows only a part of the stack: ${line}`);
  }
  const unchanged = steps.filter(({ op }) => op === "same").length;
  if ((changeSummary["same"] ?? 0) > unchanged) {
    throw new UserError(
      `${file}: unchanged resources are missing, but policies check the whole stack. ${how}`,
    );
  }
  // A replacement has several steps; the last one with a state counts.
  const last = new Map(steps.map(({ urn, newState }) => [urn, newState]));
  return [...last.values()].flatMap((one) => (one === undefined ? [] : [resourceOf(one)]));
}

function resourceOf({ urn, type, parent, deletedWith, inputs }: z.output<typeof state>): PolicyResource {
  return { urn, type, name: urn.split("::").at(-1) ?? urn, inputs, parent, deletedWith };
}

function parse(file: string, text: string): z.output<typeof previewSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse's message quotes the text, which may be anything.
    throw new UserError(`${file}: is not JSON. ${how}`);
  }
  const { data } = previewSchema.safeParse(value);
  if (data === undefined) throw new UserError(`${file}: is JSON, but not a preview. ${how}`);
  return data;
}
