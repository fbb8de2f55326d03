import { expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { find } from "../../support/graph.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { balanced } from "./variants.ts";

it("the load balancers' controller has its credentials in the namespace that its chart goes to", async () => {
  const { resources } = await record(program, { config: stackConfig(balanced) });
  const place = { namespace: "kube-system" };

  expect(find(resources, "kubernetes:helm.sh/v4:Chart", "aws-load-balancer-controller").inputs).toMatchObject(
    place,
  );
  expect(find(resources, "aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs).toMatchObject({
    ...place,
    serviceAccount: "aws-load-balancer-controller",
  });
});
