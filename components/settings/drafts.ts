import type { FormProblem } from "./formProblems.ts";
import { type JsonSchema, samples, schemaAt, settingsJsonSchema } from "./jsonSchema.ts";
import { type Path, valueAt, withValue } from "./paths.ts";

/** Values to put in their places; undefined: nothing stays there. */
type Edits = readonly { readonly at: Path; readonly value: unknown }[];

/**
 * What may have been meant: each draft is the written settings with something sound in place of all that has the wrong
 * form, defaults in the first one. Whatever a misspelt value was to be, or its neighbour where a name is misspelt, some
 * draft has about that; so what is wrong with all of them is wrong with what was written.
 */
export function drafts(written: unknown, problems: readonly FormProblem[]): unknown[] {
  const schema = settingsJsonSchema();
  const places = problems.map((problem) => meanings(problem, written, schema));
  const count = Math.max(1, ...places.map((edits) => edits.length));
  return Array.from({ length: count }, (_, index) =>
    places.reduce((draft, edits) => edited(draft, edits[index % edits.length] ?? []), written),
  );
}

function meanings({ at, kind }: FormProblem, written: unknown, schema: JsonSchema): Edits[] {
  if (kind.of === "value") return samples(schemaAt(schema, at)).map((value) => [{ at, value }]);
  const without = [{ at, value: undefined }];
  const parent = at.slice(0, -1);
  return [
    without,
    ...namesMeant(kind.meant, valueAt(written, parent), schemaAt(schema, parent)).flatMap((name) => {
      const path = [...parent, name];
      return samples(schemaAt(schema, path)).map((value) => [...without, { at: path, value }]);
    }),
  ];
}

/** Names that a wrong one may have stood for: the one that is near, or else all that are not there. */
function namesMeant(meant: string | undefined, siblings: unknown, schema: JsonSchema): string[] {
  if (meant !== undefined) return [meant];
  const { properties = {}, propertyNames } = schema;
  const names = Object.keys(properties).filter((name) => valueAt(siblings, [name]) === undefined);
  return propertyNames === undefined ? names : [String(samples(propertyNames)[0])];
}

function edited(value: unknown, edits: Edits): unknown {
  return edits.reduce((all, edit) => withValue(all, edit.at, edit.value), value);
}
