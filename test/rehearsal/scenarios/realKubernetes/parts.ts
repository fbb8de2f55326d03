import { calicoCrds } from "../../tools/calicoCrds.ts";
import { presentKubernetesTools } from "../../tools/kubernetesTools.ts";
import { monitoringCrds } from "../../tools/monitoringCrds.ts";

const tools = await presentKubernetesTools();

/** What a real control plane is made of; undefined: it is not on this machine, and nothing here can run. */
export const parts =
  tools === undefined
    ? undefined
    : { tools, crds: [...(await calicoCrds()).crds, ...(await monitoringCrds())] };

/** Begins the names of the tests, so that a skipped one says why. */
export const onRealParts =
  parts === undefined
    ? "On a real API server (skipped: `npm run rehearse -- --kubernetes real` builds it, once)"
    : "On a real API server";
