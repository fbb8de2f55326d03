import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { labParts } from "../../rehearsal/labParts.ts";
import { settings } from "../../support/settings.ts";

it("refuses a folder of Calico's files that does not exist, before anything is built", async () => {
  const refused = labParts(settings(), "/nowhere", () => {});
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow("--calico-files /nowhere: directory does not exist.");
});

it("names every file that such a folder lacks", async () => {
  const folder = mkdtempSync(join(tmpdir(), "calico-files-"));
  mkdirSync(join(folder, "usr/bin"), { recursive: true });
  writeFileSync(join(folder, "usr/bin/calico-node"), "");
  await expect(labParts(settings(), folder, () => {})).rejects.toThrow(
    `--calico-files ${folder}: usr/lib/calico/bpf, opt/cni/bin/calico, opt/cni/bin/calico-ipam, opt/cni/bin/install not in it.`,
  );
});
