import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { presentRealParts } from "../../rehearsal/realParts.ts";
import { smallCluster } from "../rehearsed.ts";

const { calico } = stackSettings({ name: "dev", file: "a test", config: { ...smallCluster } });

/** What a real control plane is made of; undefined: it is not on this machine, and nothing here can run. */
export const parts = await presentRealParts(calico.version);

/** Begins the names of the tests, so that a skipped one says why. */
export const onRealParts =
  parts === undefined
    ? "On a real API server (skipped: `npm run rehearse -- --kubernetes real` builds it, once)"
    : "On a real API server";
