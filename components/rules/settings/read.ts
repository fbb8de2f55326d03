import { checkSettings } from "../checks.ts";
import type { Problem } from "../problem.ts";
import { clusterNameNeeds, isClusterName } from "./cluster.ts";
import { type FormProblem, formProblems } from "./formProblems.ts";
import { type StackSettings, settingsSchema } from "./schema.ts";
import type { NodePoolSettings, Settings } from "./settings.ts";

/** Where the settings come from. */
export interface Origin {
  /** Configuration as the engine hands it over: full key to text, JSON where it is a list or a mapping. */
  readonly config: Readonly<Record<string, string>>;
  readonly project: string;
  readonly stack: string;
  /** Day on which support dates are judged. */
  readonly today: Date;
}

/** The settings, frozen, or everything that is wrong with them. */
export type Reading =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings?: never; readonly problems: readonly Problem[] };

/** Keys of the aws namespace that the program heeds; any other would be ignored, so it is refused. */
const awsKeys = ["region", "profile"] as const;

/** Reads a stack's configuration, reporting every problem that can be found in one go. */
export function readSettings(origin: Origin): Reading {
  const written = writtenSettings(origin);
  const parsed = settingsSchema.safeParse(written);
  const form = formProblems(parsed.error?.issues ?? [], written);
  const outside = [...awsProblems(origin.config), ...defaultNameProblems(written, origin)];
  const draft = parsed.data ?? settingsSchema.safeParse(without(written, form)).data;
  const rules = draft === undefined ? [] : checkSettings(complete(draft, origin), origin.today);
  const problems = [...outside, ...inKeyOrder([...form, ...rules.filter((rule) => !touches(rule, form))])];
  if (problems.length > 0 || parsed.data === undefined) return { problems };
  return { settings: deepFreeze(complete(parsed.data, origin)), problems: [] };
}

function writtenSettings({ config, project }: Origin): Record<string, unknown> {
  const ours = Object.entries(config)
    .filter(([key]) => key.startsWith(`${project}:`))
    .map(([key, text]) => [key.slice(project.length + 1), fromText(text)] as const);
  // Pulumi.yaml gives keys an empty mapping, as the CLI demands a default: it says nothing.
  return Object.fromEntries(ours.filter(([, value]) => JSON.stringify(value) !== "{}"));
}

/** Lists and mappings arrive as JSON; every other value as its own text. */
function fromText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function awsProblems(config: Readonly<Record<string, string>>): Problem[] {
  const known: readonly string[] = awsKeys.map((key) => `aws:${key}`);
  const unknown = Object.keys(config)
    .filter((key) => key.startsWith("aws:") && !known.includes(key))
    .map((path) => ({
      path,
      found: "this program does not read it",
      needs: `of the aws settings it reads ${known.join(" and ")}`,
      fix: "Remove it; credentials come from the environment or from aws:profile",
    }));
  const region = config["aws:region"] ?? "";
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return unknown;
  const missing = {
    path: "aws:region",
    found: region === "" ? "nothing is set" : region,
    needs: "the name of an AWS region is needed",
    fix: "Run: pulumi config set aws:region eu-west-1",
  };
  return [missing, ...unknown];
}

/** The default name is made of the project's and the stack's, and may turn out too long. */
function defaultNameProblems(written: Record<string, unknown>, origin: Origin): Problem[] {
  const { cluster } = written;
  const name = defaultName(origin);
  if ((isObject(cluster) && cluster["name"] !== undefined) || isClusterName(name)) return [];
  return [
    {
      path: "cluster.name",
      found: `the default is ${name}, made of the project's and the stack's names`,
      needs: clusterNameNeeds,
      fix: "Set cluster.name",
    },
  ];
}

function defaultName({ project, stack }: Origin): string {
  return `${project}-${stack}`;
}

/** A copy in which what has the wrong form is left to its default, so that the rest can be judged. */
function without(written: unknown, problems: readonly FormProblem[]): unknown {
  const copy = structuredClone(written) as Record<string, unknown>;
  for (const { at } of problems) {
    let inner: unknown = copy;
    for (const part of at.slice(0, -1)) inner = isObject(inner) ? inner[String(part)] : undefined;
    if (isObject(inner)) delete inner[String(at.at(-1))];
  }
  const cluster = isObject(copy["cluster"]) ? copy["cluster"] : {};
  return { ...copy, cluster: { publicAccessCidrs: [], ...cluster } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether a rule's finding may stem from a value that was left to its default: it shares its parent. */
function touches({ path }: Problem, form: readonly FormProblem[]): boolean {
  return form.some((one) => path.startsWith(one.path.replace(/[.[][^.[]*$/, "")) && one.path !== "");
}

function inKeyOrder(problems: readonly Problem[]): Problem[] {
  const keys = Object.keys(settingsSchema.shape);
  const rank = ({ path }: Problem) => {
    const index = keys.indexOf(path.split(/[.[]/)[0] ?? "");
    return index < 0 ? keys.length : index;
  };
  return problems
    .map(({ path, found, needs, fix }) => ({ path, found, needs, fix }))
    .toSorted((a, b) => rank(a) - rank(b));
}

function complete(parsed: StackSettings, origin: Origin): Settings {
  const { config, project, stack } = origin;
  return {
    ...parsed,
    project,
    stack,
    region: config["aws:region"] ?? "",
    profile: config["aws:profile"],
    cluster: { ...parsed.cluster, name: parsed.cluster.name ?? defaultName(origin) },
    nodePools: Object.fromEntries(
      Object.entries(parsed.nodePools).map(([name, pool]) => [name, withInstanceTypes(pool)]),
    ),
  };
}

const defaultInstanceTypes = { x86_64: "m7i.large", arm64: "m7g.large" } as const;

function withInstanceTypes(pool: StackSettings["nodePools"][string]): NodePoolSettings {
  return { ...pool, instanceTypes: pool.instanceTypes ?? [defaultInstanceTypes[pool.architecture]] };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
