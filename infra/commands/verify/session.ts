import { KubeConfig } from "@kubernetes/client-node";
import { Ec2 } from "./aws/ec2.ts";
import { identityOf } from "./aws/identity.ts";
import type { Live } from "./check.ts";
import { Cluster } from "./cluster/cluster.ts";
import type { Target } from "./target.ts";

/** Begins to look at a cluster. The caller closes what it gets. */
export function openLive(
  target: Target,
  concurrency: number,
  signal: AbortSignal,
  /** Mirror of the images of what the checks start. */
  imageRegistry?: string,
  /** After this time a request without an answer is given up. Default: as in Transport. */
  timeoutMilliseconds?: number,
): Live {
  const config = new KubeConfig();
  config.loadFromString(target.kubeconfig);
  config.makePathsAbsolute(target.folder);
  // `kubectl proxy` listens in the clear, and its kubeconfig says nothing of TLS, which the library then misses.
  config.clusters = config.clusters.map((one) =>
    one.server.startsWith("http:") ? { ...one, skipTLSVerify: true } : one,
  );
  return {
    cluster: new Cluster(config, {
      concurrency,
      signal,
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    }),
    target,
    ec2: new Ec2(identityOf(config)),
    signal,
    imageRegistry,
  };
}
