import { checkSettings, checkSurroundings } from "../../components/checks/checks.ts";
import type { Surroundings } from "../../components/settings/settings.ts";
import { problemLine } from "../../components/values/problem.ts";
import { released, type SettingsChange, settings, surroundings } from "./settings.ts";

/** The day on which the tests judge support dates. */
export const today = new Date("2026-11-20");

/** What a user reads about the base settings with these changes. */
export function settingsLines(changes: SettingsChange, day = today): string[] {
  return checkSettings(settings(changes), day).map(problemLine);
}

/** What a user sees once AWS was called. */
export function surroundingsLines(changes: SettingsChange, found: Partial<Surroundings> = {}): string[] {
  const changed = settings(changes);
  const pools = released(changed.nodePools);
  return checkSurroundings(changed, surroundings({ pools, ...found })).map(problemLine);
}
