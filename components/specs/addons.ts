import type { AddonSettings } from "../settings/addons.ts";
import type { DeepReadonly, Settings } from "../settings/settings.ts";
import { podIdentityAgent, usesPodIdentity } from "./podIdentity.ts";

type Addons = Readonly<Record<string, DeepReadonly<AddonSettings>>>;

/** Every EKS add-on that a stack installs once Calico works: those it names, and those that other settings need. */
export function addonsOf(settings: Settings): Addons {
  const implied = Object.fromEntries(impliedAddons(settings).map((name) => [name, plainAddon]));
  return { ...implied, ...settings.addons };
}

const plainAddon: DeepReadonly<AddonSettings> = { configuration: {} };

function impliedAddons(settings: Settings): string[] {
  return usesPodIdentity(settings) ? [podIdentityAgent] : [];
}
