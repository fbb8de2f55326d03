import type { Compared } from "../honesty/regression.ts";
import { figures } from "../plan/figures.ts";
import { modes } from "../plan/modes.ts";
import { percent, ratioText } from "./numbers.ts";

/** How two runs compare, a line each: what got worse first, then the rest in a sum. */
export function comparisonLines(
  compared: readonly Compared[],
  different: readonly string[],
  threshold: number,
): string[] {
  const worse = compared.filter(({ isRegression }) => isRegression);
  const unknown = compared.filter(({ ratio }) => ratio === undefined);
  return [
    ...different.map((one) => `not the same circumstances: ${one}`),
    ...worse.map(
      ({ title, figure, mode, ratio }) =>
        `worse: ${title}, ${modes[mode].title}, ${figures[figure].title}: ${ratio === undefined ? "" : ratioText(ratio)} times as before`,
    ),
    `${compared.length} figures compared; ${worse.length} worse by more than ${percent(threshold)}${unknown.length === 0 ? "" : `; ${unknown.length} with too few runs to tell`}.`,
  ];
}
