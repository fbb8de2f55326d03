import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { claimLines, unreadyLines, warnOfUnready } from "../../../infra/readiness.ts";
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
async function said(
  answer: (path: string) => Answer | undefined,
  { preview = false, ebs = false, deletionProtection = false } = {},
) {
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
      const checked = warnOfUnready(pulumi.output(kubeconfig), [new Stub("gate")], {
        storage: { ebs },
        cluster: { deletionProtection },
      });
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
    expect(await said(() => 403, { preview: true })).toEqual({ notes: [], log: [] });
    expect(server?.requests()).toEqual([]);
  });
});

const claim = (name: string, storageClassName?: string) => ({
  metadata: { name, namespace: "shop" },
  ...(storageClassName === undefined ? {} : { spec: { storageClassName } }),
});

describe("an up after which a destroy is possible", () => {
  const withClaims = (path: string): Answer =>
    path.includes("/persistentvolumeclaims")
      ? { items: [claim("orders", "gp3"), claim("cache", "efs"), claim("data", "gp3")] }
      : { items: [status("calico", true)] };

  it("warns of the claims whose volumes would stay", async () => {
    expect(await said(withClaims, { ebs: true })).toEqual({
      notes: [],
      log: [
        "warning: A destroy would leave the EBS volumes of 2 PersistentVolumeClaims behind, and they would be charged: shop/data, shop/orders. Delete the claims before you run pulumi destroy.",
      ],
    });
  });

  it.each([
    ["whose cluster is protected from deletion", { ebs: true, deletionProtection: true }],
    ["without the class of volumes", { ebs: false }],
  ])("asks for none in a stack %s", async (_name, options) => {
    expect(await said(withClaims, options)).toEqual({ notes: [], log: [] });
    expect(server?.requests().filter((path) => path.includes("claims"))).toEqual([]);
  });

  it("names ten of them, and none of other classes", () => {
    const many = Array.from({ length: 12 }, (_, index) => claim(`data-${index + 10}`, "gp3"));

    expect(claimLines(many)[0]).toContain("of 12 PersistentVolumeClaims");
    expect(claimLines(many)[0]).toContain("shop/data-19 and 2 more.");
    expect(claimLines([claim("one", "gp3")])[0]).toContain("of 1 PersistentVolumeClaim behind");
    expect(claimLines([claim("cache", "efs"), claim("none")])).toEqual([]);
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
