import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const name = "tigera-operator";

/**
 * The operator's chart. Its objects are worked out with the API server's help, in a preview too, so that no update of
 * anything is possible while that does not answer. Left out, its component stays, and what is in it is not registered: an
 * `up` with `--target` then leaves those objects alone.
 */
export function operatorChart(
  args: kubernetes.helm.v4.ChartArgs,
  leftOut: boolean,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  if (!leftOut) return new kubernetes.helm.v4.Chart(name, args, opts);
  return new pulumi.ComponentResource("kubernetes:helm.sh/v4:Chart", name, {}, opts);
}
