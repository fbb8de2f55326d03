import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, it } from "vitest";
import { record } from "../../../../infra/commands/shared/plan/recorder.ts";
import { unavailableLines, warnedOfUnready } from "../../../../infra/existing/readiness.ts";
import { Stub } from "../../../support/stub.ts";
import { type Answer, type FakeApiServer, startApiServer } from "./apiServer.ts";

let server: FakeApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** What an `up`, or a preview, says of an existing cluster whose API server answers this. */
async function said(
  kind: "manifest" | "operator",
  answer: (path: string) => Answer | undefined,
  preview = false,
) {
  server = await startApiServer(answer);
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "fake", server: server.url, skipTLSVerify: true },
    { name: "fake", token: "a-token" },
  );
  const { notes, log, result } = await record(
    () => {
      const checked = warnedOfUnready("Parked", { config, kind, last: [new Stub("gate")] });
      return new Promise<string>((done) => checked.apply(done));
    },
    { preview },
  );
  expect(await result).toBe("Parked");
  return { notes, log, paths: server.requests().map((line) => line.split(/[ ?]/)[1]) };
}

const daemonSetPath = "/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node";
const statusesPath = "/apis/operator.tigera.io/v1/tigerastatuses";

describe("an up of an existing cluster that changes nothing", () => {
  it("warns of each status that the operator does not call available", async () => {
    const degraded = { type: "Degraded", status: "True", message: "Pod x: crash loop" };
    const items = [
      { metadata: { name: "goldmane" }, status: { conditions: [degraded] } },
      { metadata: { name: "calico" }, status: { conditions: [{ type: "Available", status: "True" }] } },
    ];

    expect(await said("operator", (path) => (path.startsWith(statusesPath) ? { items } : undefined))).toEqual(
      {
        notes: [],
        log: ["warning: Calico is not ready, TigeraStatus goldmane is not Available: Pod x: crash loop"],
        paths: [statusesPath],
      },
    );
  });

  it("warns of nodes without a calico-node where no operator reports it", async () => {
    const status = { desiredNumberScheduled: 3, numberAvailable: 2 };

    expect(await said("manifest", (path) => (path === daemonSetPath ? { status } : undefined))).toEqual({
      notes: [],
      log: ["warning: Calico is not ready: DaemonSet calico-node has 2 of 3 pods available"],
      paths: [daemonSetPath],
    });
  });

  it("does not fail where it may not look, and says that it could not", async () => {
    const { notes, log } = await said("operator", () => 403);

    expect(log).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/^Whether Calico is ready could not be checked: .*status 403/),
    ]);
  });

  it("looks at nothing in a preview", async () => {
    expect(await said("operator", () => 403, true)).toEqual({ notes: [], log: [], paths: [] });
  });
});

describe("a calico-node of the manifest", () => {
  it.each([
    [{ desiredNumberScheduled: 3, numberAvailable: 3 }, []],
    [{ desiredNumberScheduled: 3 }, ["Calico is not ready: DaemonSet calico-node has 0 of 3 pods available"]],
    [{}, []],
  ])("with status %j", (status, lines) => {
    expect(unavailableLines({ status })).toEqual(lines);
  });

  it("may be gone", () => {
    expect(unavailableLines(undefined)).toEqual([
      "Calico is not ready: DaemonSet calico-node does not exist",
    ]);
  });
});
