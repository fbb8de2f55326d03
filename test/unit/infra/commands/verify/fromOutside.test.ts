import { afterEach, expect, it } from "vitest";
import type { Live } from "../../../../../infra/commands/verify/check.ts";
import { fromOutside } from "../../../../../infra/commands/verify/workloads/probes.ts";
import { clusterAt, type FakeApi, startFakeApi } from "./fakeApi.ts";

let api: FakeApi | undefined;

afterEach(async () => {
  await api?.stop();
  api = undefined;
});

/** Requests the NodePort of a node whose first connection is lost, as one is that begins before it knows the service. */
async function requested() {
  let count = 0;
  api = await startFakeApi({
    "/api/v1/nodes/n1:30090/proxy/hostname": (_, response) => {
      count += 1;
      if (count > 1) response.end("probe-0");
    },
  });
  const cluster = clusterAt(api.url);
  const live = { cluster, signal: new AbortController().signal } as unknown as Live;
  const answer = await fromOutside(live, { name: "n1" } as never, 30_090, "/hostname");
  cluster.close();
  return answer;
}

it("a NodePort answers although the first connection to it was lost", async () => {
  expect(await requested()).toEqual({ ok: true, tries: 2, text: "probe-0" });
}, 15_000);
