import type { Difference, Subject, Values } from "../protocol/provider.ts";
import { nameSuffix } from "./ids.ts";
import type { Row } from "./model.ts";
import { changedProperties, text } from "./values.ts";

/** Problems with the inputs before AWS is called. */
export function inputProblems(row: Row, inputs: Values): string[] {
  const known = [...row.requires, ...row.allows];
  const missing = row.requires.filter((name) => !(name in inputs));
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  return [
    ...missing.map((name) => `missing required property '${name}'`),
    ...unknown.map((name) => `unexpected property '${name}'`),
    ...(row.problems?.(inputs) ?? []),
  ];
}

/** Names that the provider gives begin so, and end in seven hexadecimal digits. */
function stem({ naming }: Row, { name }: Subject): string {
  return `${naming?.prefix ?? ""}${name}-`;
}

/** The inputs with the name that the provider gives; the old one, where there is one. */
export function withName(
  row: Row,
  subject: Subject,
  inputs: Values,
  olds: Values | undefined,
  seed: string,
): Values {
  const { naming } = row;
  if (naming === undefined || naming.property in inputs) return inputs;
  if (naming.unless !== undefined && naming.unless in inputs) return inputs;
  const old = text(olds ?? {}, naming.property);
  return { ...inputs, [naming.property]: old === "" ? `${stem(row, subject)}${nameSuffix(seed)}` : old };
}

/** Whether the name is the program's own, so that a replacement would have the same. */
function isNamedByProgram(row: Row, subject: Subject, inputs: Values): boolean {
  const name = text(inputs, row.naming?.property ?? "");
  const given = stem(row, subject);
  return name !== "" && !(name.startsWith(given) && /^[0-9a-f]{7}$/.test(name.slice(given.length)));
}

export function difference(
  row: Row,
  subject: Subject,
  olds: Values,
  news: Values,
  outputs: Values,
): Difference {
  const changed = changedProperties(olds, news);
  const conditional = row.replacesWhen?.(olds, news, outputs) ?? [];
  const state = conditional.filter((name) => name in outputs && !(name in olds) && !(name in news));
  const replaces = [
    ...changed.filter((name) => row.replaces?.includes(name) || conditional.includes(name)),
    ...state,
  ];
  const sameName = row.naming !== undefined && !changed.includes(row.naming.property);
  return {
    changed: [...changed, ...state],
    replaces,
    deleteBeforeReplace: replaces.length > 0 && sameName && isNamedByProgram(row, subject, news),
  };
}
