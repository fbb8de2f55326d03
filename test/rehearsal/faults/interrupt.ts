import { type Interruption, interruptionText } from "../../simulator/world/fault.ts";
import { kindOf, shortName } from "../reports/labels.ts";
import type { Chronicle } from "./chronicle.ts";
import { afterEvents, interruptedUp } from "./interruption.ts";
import type { Life } from "./life.ts";
import { type InFlight, recover } from "./recovery.ts";

/** Interrupts `up`, and after a kill follows the documentation. An `up` that fails before is repeated. */
export async function interrupt(life: Life, chronicle: Chronicle, interruption: Interruption): Promise<void> {
  const { signal, afterEvents: number } = interruption;
  const { hit, failure } = await chronicle.record("pulumi up", async () => {
    const result = await interruptedUp(life, signal, afterEvents(number));
    const { hit: isHit, failure: end, events } = result;
    if (!isHit) {
      const notes = [`done after ${events} events, before it could be interrupted`];
      return { result, outcome: end === undefined ? "succeeded" : "failed", notes };
    }
    return {
      result,
      outcome: end === undefined ? "succeeded" : "interrupted",
      interruption: interruptionText(interruption),
    };
  });
  if (hit && signal === "SIGKILL") await afterKill(life, chronicle);
  const hasFaults = (chronicle.attempts.at(-1)?.injected.length ?? 0) > 0;
  if (!hit && failure !== undefined && hasFaults) await interrupt(life, chronicle, interruption);
}

async function afterKill(life: Life, chronicle: Chronicle): Promise<void> {
  const inFlight = await chronicle.step("the commands after a killed run", () => recover(life));
  chronicle.note("pulumi cancel", {});
  if (inFlight.length > 0) chronicle.note("pulumi stack import", { notes: inFlight.map(inWords) });
  chronicle.note("pulumi refresh", {});
}

function inWords({ urn, type, id }: InFlight): string {
  const came = id === undefined ? "" : `: ${id} put into the state`;
  return `in flight: ${type} ${kindOf(urn)} ${shortName(urn)}${came}`;
}
