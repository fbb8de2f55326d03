import { expect, it } from "vitest";
import type { CloudView } from "../../../simulator/kubernetes/cloudView.ts";
import { RealKubernetes, type RealParts } from "../../../simulator/realKubernetes/realKubernetes.ts";
import { Activity } from "../../../simulator/world/activity.ts";

/** A control plane that is not there, and says when it is to be started. */
function absent() {
  let starts = 0;
  const parts = {
    serviceCidr: "172.20.0.0/16",
    get tools() {
      starts += 1;
      throw new Error("a control plane would start");
    },
  } as unknown as RealParts;
  const cloud = { endpointHost: () => undefined, instances: new Map() } as unknown as CloudView;
  const kubernetes = new RealKubernetes(cloud, new Activity({ stallMilliseconds: 10 }), parts);
  return { kubernetes, starts: () => starts };
}

it("add-ons that go with their cluster start no other control plane, and one that comes does", async () => {
  const { kubernetes, starts } = absent();

  for (const name of ["coredns", "kube-proxy", "vpc-cni"]) {
    await kubernetes.onAddon({ kind: "deleted", name, clusterName: "dev" });
  }
  expect(starts()).toBe(0);

  const created = kubernetes.onAddon({ kind: "created", name: "vpc-cni", clusterName: "dev" });
  await expect(created).rejects.toThrow("a control plane would start");
  expect(starts()).toBe(1);
});
