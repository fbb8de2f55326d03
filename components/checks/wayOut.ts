import type { Settings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";

/** Without a NAT gateway Calico's images have to come from somewhere inside. */
export function wayOutProblems({ network, calico }: Settings): Problem[] {
  const closed = !network.natGateway && network.existing === undefined;
  if (!closed || calico.registry !== undefined) return [];
  return [
    {
      path: "calico.registry",
      found: "no registry is set",
      needs: "network.natGateway is false, so that nodes cannot reach quay.io",
      fix: "Mirror Calico's images to ECR and name it here, or set network.natGateway: true",
    },
  ];
}
