import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { Refusal, type Value, type Values } from "../protocol/provider.ts";
import { at, type KubernetesObject } from "./object.ts";

/**
 * Charts of this project's own under the names of upstream's, which no package registry carries: the objects that take
 * part in an order, and the values that the program sets.
 */
const chartsFolder = join(import.meta.dirname, "..", "charts");

/** A chart as Helm would read it. */
export interface StubChart {
  readonly name: string;
  /** The one version that there is; undefined: as many as Calico has releases. */
  readonly version: string | undefined;
  /** Files by their path in the chart, without Chart.yaml. */
  readonly files: ReadonlyMap<string, string>;
}

/** What a chart is rendered with. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  readonly values: Values;
}

/** Every chart that there is, by name. */
export function stubCharts(): ReadonlyMap<string, StubChart> {
  return new Map(readdirSync(chartsFolder).map((name) => [name, stubChart(name)]));
}

function stubChart(name: string): StubChart {
  const folder = join(chartsFolder, name);
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const paths = readdirSync(folder, { recursive: true }).map(String);
  const [own] = paths.filter((path) => path === "Chart.yaml");
  const files = paths.filter((path) => path.endsWith(".yaml") && path !== "Chart.yaml").toSorted();
  return {
    name,
    version: own && String(parse(read(own)).version),
    files: new Map([
      ...files.map((path) => [path, read(path)] as const),
      ["values.schema.json", JSON.stringify(schemaOf(parse(read("values.yaml"))))],
    ]),
  };
}

/** A JSON schema that refuses values which the defaults do not have; an empty mapping takes any. */
function schemaOf(value: Value): Values {
  if (!isMapping(value) || Object.keys(value).length === 0) return {};
  const properties = Object.entries(value).map(([key, inner]) => [key, schemaOf(inner)]);
  // What Helm adds by itself.
  return {
    type: "object",
    properties: { global: {}, ...Object.fromEntries(properties) },
    additionalProperties: false,
  };
}

/**
 * The objects of a chart. Its templates know nothing but `{{ .Release.Name }}`, `{{ .Chart.Version }}` and
 * `{{ toJson .Values.some.path }}`, so that Helm renders the same.
 */
export function rendered({ name, files }: StubChart, release: Release): KubernetesObject[] {
  const scope = {
    Release: { Name: release.name, Namespace: release.namespace },
    Chart: { Name: name, Version: release.version },
    Values: merged(parse(files.get("values.yaml") ?? ""), release.values),
  };
  return [...files]
    .filter(([path]) => path.startsWith("templates/") || path.startsWith("crds/"))
    .flatMap(([path, text]) => parseAllDocuments(filledIn(text, scope, path)))
    .map((document) => document.toJS() as KubernetesObject);
}

/**
 * Upstream's charts take a value that they do not have without a word.
 * @throws Refusal for such a value
 */
export function refuseUnknown({ name, files }: StubChart, values: Values): void {
  const unknown = unknownPaths(parse(files.get("values.yaml") ?? ""), values);
  if (unknown.length === 0) return;
  throw new Refusal(`chart ${name} has no value ${unknown.join(", ")}`);
}

function filledIn(text: string, scope: object, path: string): string {
  return text.replaceAll(/\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const [, how, where] = /^(toJson )?\.([\w.]+)$/.exec(expression) ?? [];
    if (where === undefined) throw new Error(`${path}: ${expression} is more than a stub chart may say`);
    const value = at(scope, where) ?? null;
    return how === undefined ? String(value) : JSON.stringify(value);
  });
}

function unknownPaths(known: Value, given: Value, path = ""): string[] {
  if (!isMapping(known) || !isMapping(given) || Object.keys(known).length === 0) return [];
  return Object.entries(given).flatMap(([key, inner]) => {
    const of = known[key];
    return of === undefined ? [`${path}${key}`] : unknownPaths(of, inner, `${path}${key}.`);
  });
}

function merged(below: Value, above: Value): Value {
  if (!isMapping(below) || !isMapping(above)) return above;
  const result: Values = { ...below };
  for (const [key, inner] of Object.entries(above)) {
    result[key] = below[key] === undefined ? inner : merged(below[key], inner);
  }
  return result;
}

function isMapping(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
