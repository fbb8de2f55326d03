import * as pulumi from "@pulumi/pulumi";

/**
 * Says at the end of an `up` where to find the reason. A gate that fails ends with "timed out waiting for the condition"
 * and nothing else, and an `up` without a change waits for nothing: which node is not ready, and why, is for `verify`.
 * @param which the cluster for `verify`: `--stack dev`
 */
export function tellWhereToLook(which: string): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.log.info(
    `To see whether Calico is ready on every node, and where and why not: npm run verify -- ${which}. The gates wait only where this up changes something, and give no reason when they time out.`,
  );
}
