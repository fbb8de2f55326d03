import { configTexts } from "../../infra/commands/shared/stackSettings.ts";
import type { SettingsChange } from "./settings.ts";

/** As the engine hands over a stack file that sets the region, who may reach the endpoint, and these changes. */
export function stackConfig({
  region = "eu-west-1",
  cluster = {},
  ...changes
}: SettingsChange = {}): Record<string, string> {
  const keys = { cluster: { publicAccessCidrs: ["198.18.0.0/15"], ...cluster }, ...changes };
  const ours = Object.entries(keys).map(([key, value]) => [`calico-ebpf-eks:${key}`, value]);
  return configTexts({ "aws:region": region, ...Object.fromEntries(ours) });
}
