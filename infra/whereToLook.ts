import * as pulumi from "@pulumi/pulumi";

/**
 * Says at the end of an `up` what it cannot say itself. A gate that fails ends with "timed out waiting for the condition"
 * and nothing else, and an `up` without a change waits for nothing: which node is not ready, and why, is for `verify`.
 * @param which what names the cluster to `verify`: `--stack dev`
 */
export function tellWhereToLook(which: string): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.log.info(
    `Whether Calico is ready on every node, and if not where and why: npm run verify -- ${which}. The gates wait only where this up changes something, and give no reason when they time out.`,
  );
}
