import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { unreadyLines, warnOfUnready } from "../../../infra/readiness.ts";
import { Stub } from "../../support/stub.ts";
import { type Answer, type FakeApiServer, startApiServer } from "./existing/apiServer.ts";

let server: FakeApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const status = (name: string, isAvailable: boolean, degraded = "") => ({
  metadata: { name },
  status: {
    conditions: [
      { type: "Degraded", status: degraded === "" ? "False" : "True", message: degraded },
      { type: "Available", status: isAvailable ? "True" : "False", message: "" },
    ],
  },
});

/** What an `up`, or a preview, says of an API server that answers this. */
async function said(answer: (path: string) => Answer | undefined, preview = false) {
  server = await startApiServer(answer);
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "fake", cluster: { server: server.url, "insecure-skip-tls-verify": true } }],
    users: [{ name: "fake", user: { token: "a-token" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
    "current-context": "fake",
  });
  const { notes, log, result } = await record(
    () => {
      const checked = warnOfUnready(pulumi.output(kubeconfig), [new Stub("gate")]);
      return new Promise<string>((done) => checked.apply(done));
    },
    { preview },
  );
  expect(await result).toBe(kubeconfig);
  return { notes, log };
}

describe("an up that changes nothing", () => {
  it("warns of each status that is not Available, with the operator's reason", async () => {
    const items = [
      status("tiers", true),
      status("apiserver", false, "Pod x: crash loop"),
      status("calico", true),
    ];

    expect(await said((path) => (path.includes("/tigerastatuses") ? { items } : undefined))).toEqual({
      notes: [],
      log: ["warning: Calico is not ready, TigeraStatus apiserver is not Available: Pod x: crash loop"],
    });
  });

  it("says nothing of a cluster that is ready", async () => {
    const items = [status("calico", true), status("ippools", true)];

    expect(await said(() => ({ items }))).toEqual({ notes: [], log: [] });
  });

  it("does not fail where the cluster does not let it look, and says that it could not", async () => {
    expect(await said(() => 403)).toEqual({
      notes: [expect.stringMatching(/^Whether Calico is ready could not be checked: .*status 403/)],
      log: [],
    });
  });

  it("looks at nothing in a preview", async () => {
    expect(await said(() => 403, true)).toEqual({ notes: [], log: [] });
    expect(server?.requests()).toEqual([]);
  });
});

describe("the lines", () => {
  it("come in the order of the alphabet, also where the operator gives no reason", () => {
    expect(unreadyLines([status("ippools", false), status("calico", false, "no node")])).toEqual([
      "Calico is not ready, TigeraStatus calico is not Available: no node",
      "Calico is not ready, TigeraStatus ippools is not Available: the operator gives no reason",
    ]);
    expect(unreadyLines([{ metadata: { name: "calico" } }])).toHaveLength(1);
  });

  it("leave the tiers out where Calico has no API server, without which they never become Available", () => {
    const tiers = status("tiers", false, "Waiting for Tigera API server to be ready");

    expect(unreadyLines([tiers])).toEqual([]);
    expect(unreadyLines([tiers, status("apiserver", true)])).toHaveLength(1);
  });
});
