import { nearest } from "../../../components/values/lookUp.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { type Fault, faultText, matches, type Target } from "../../simulator/world/fault.ts";

/** Most names that one line suggests. */
const suggestions = 5;

/**
 * Whether every fault can hit something.
 * @param known resources of the stack, from its preview
 * @throws UserError that lists every fault which hits none of them, with what it may mean and the types that there are
 */
export function checkTargets(faults: readonly Fault[], known: readonly Target[]): void {
  const lost = faults.filter((fault) => !known.some((one) => matches(fault.target, one)));
  if (lost.length === 0) return;
  const types = [...new Set(known.map(({ type }) => type))].toSorted();
  const lines = [
    `rehearse: ${lost.length === 1 ? "a fault names" : `${lost.length} faults name`} nothing of this stack`,
    ...lost.map((fault) => `  --fault ${faultText(fault)}: ${problem(fault.target, known)}`),
    "  There are resources of these types:",
    ...types.map((type) => `    ${type}`),
  ];
  throw new UserError(lines.join("\n"));
}

function problem(target: string, known: readonly Target[]): string {
  const close = closeTo(target, known);
  const found = `no resource has the type or name ${target}`;
  if (close.length === 0) return `${found}. Use a type, a name, the end of one, or *.`;
  return `${found}. Did you mean ${close.join(", ")}?`;
}

/** Suggestions: the misspelt end of a type or name, or the shortest of each that contains the target. */
function closeTo(target: string, known: readonly Target[]): string[] {
  const words = [...new Set(known.flatMap(({ type, name }) => [type, name]))];
  const misspelt = nearest(target, words.flatMap(endsOf));
  const within = words.flatMap((word) =>
    endsOf(word)
      .filter((end) => contains(end, target))
      .slice(0, 1),
  );
  return [...new Set([...(misspelt === undefined ? [] : [misspelt]), ...within])].slice(0, suggestions);
}

function contains(word: string, part: string): boolean {
  return part.length > 2 && word.toLowerCase().includes(part.toLowerCase());
}

/** What may stand for a type or name, shortest first. */
function endsOf(word: string): string[] {
  const ends = [...word.matchAll(/[:/-]/g)].map(({ index }) => word.slice(index + 1));
  return [word, ...ends].toReversed();
}
