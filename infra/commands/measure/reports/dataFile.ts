import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../shared/errors.ts";
import { figures } from "../plan/figures.ts";
import { type ModeName, modes } from "../plan/modes.ts";
import { dataVersion, type MeasureData } from "./measureData.ts";

const titled = z.object({ id: z.string(), title: z.string() });
const figureNames = Object.keys(figures) as (keyof typeof figures)[];

/** What is read of an earlier run; the rest is taken as it is. */
const shape = z.looseObject({
  version: z.literal(dataVersion),
  startedAt: z.string(),
  modes: z.array(z.enum(Object.keys(modes) as [ModeName, ...ModeName[]])).min(1),
  measured: z.array(z.looseObject({ ...titled.shape, kind: z.string() })),
  leftOut: z.array(z.looseObject({ ...titled.shape, why: z.string() })),
  runs: z.array(
    z.looseObject({
      mode: z.enum(Object.keys(modes) as [ModeName, ...ModeName[]]),
      block: z.number(),
      measurement: z.string(),
      values: z.partialRecord(z.enum(figureNames as [string, ...string[]]), z.number()),
    }),
  ),
  cluster: z.looseObject({
    name: z.string(),
    services: z.number(),
    nodes: z.array(z.record(z.string(), z.string())),
    instances: z.array(z.looseObject({ instanceType: z.string() })),
    kubernetesVersion: z.string(),
    calicoVersion: z.string(),
    mtuBytes: z.number(),
    encapsulation: z.string(),
  }),
  own: z.object({ wallSeconds: z.number(), ownSeconds: z.number(), memoryMebibytes: z.number() }),
});

/**
 * Reads what `--json` wrote.
 * @param option without dashes, for the error
 * @throws UserError of one line
 */
export function readData(option: string, file: string): MeasureData {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "file does not exist",
      EISDIR: "this is a directory, not a file",
      EACCES: "permission denied",
    };
    const why = reasons[code] ?? `cannot be read (${code})`;
    throw new UserError(`--${option}: ${file}: ${why}.`);
  }
  const { data, error } = shape.safeParse(parsed(option, file, text));
  if (error !== undefined) {
    const [issue] = error.issues;
    const where = issue?.path.join(".") || "it";
    throw new UserError(`--${option}: ${file} is not a file that --json wrote: ${where}: ${issue?.message}.`);
  }
  return data as unknown as MeasureData;
}

function parsed(option: string, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`--${option}: ${file} is not JSON. Name a file that --json wrote.`);
  }
}
