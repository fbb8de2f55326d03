import { afterEach, describe, expect, it } from "vitest";
import {
  type Answer,
  clusterAt,
  type FakeApi,
  listOf,
  reply,
  startFakeApi,
} from "../commands/verify/fakeApi.ts";

let api: FakeApi | undefined;

afterEach(async () => {
  await api?.stop();
  api = undefined;
});

async function cluster(answers: Readonly<Record<string, Answer>>, signal?: AbortSignal) {
  api = await startFakeApi(answers);
  return clusterAt(api.url, signal);
}

/** Fails in one way a number of times, then answers. */
function failing(times: number, fail: Extract<Answer, (...args: never[]) => void>): Answer {
  let count = 0;
  return (request, response) => {
    count += 1;
    if (count <= times) fail(request, response);
    else reply(response, 200, listOf({ metadata: { name: "a" } }));
  };
}

const names = (object: unknown) => (object as { metadata: { name: string } }).metadata.name;

describe("reading from a cluster", () => {
  it("reads a list page by page, and counts the requests", async () => {
    const live = await cluster({
      "/api/v1/nodes": (request, response) => {
        const isSecond = request.url?.includes("continue=more%2Fof+it") === true;
        reply(response, 200, {
          metadata: isSecond ? {} : { continue: "more/of it" },
          items: [{ metadata: { name: isSecond ? "b" : "a" } }],
        });
      },
    });

    expect(await live.list("/api/v1/nodes", names)).toEqual(["a", "b"]);
    expect(live.calls).toBe(2);
    expect(api?.requests[0]).toBe("GET /api/v1/nodes?limit=500");
  });

  it("begins a list anew whose pages have grown too old", async () => {
    const tooOld = failing(1, (_, response) =>
      reply(response, 410, { reason: "Expired", message: "too old" }),
    );
    const live = await cluster({ "/api/v1/nodes": tooOld });

    expect(await live.list("/api/v1/nodes", names)).toEqual(["a"]);
  });

  it("tells a kind that is not there from an empty list", async () => {
    const live = await cluster({ "/api/v1/nodes": listOf() });

    expect(await live.list("/api/v1/nodes", names)).toEqual([]);
    expect(await live.list("/apis/example.com/v1/things", names)).toBeUndefined();
  });

  it("waits as long as a busy server asks for, and asks again", async () => {
    const busy = failing(1, (_, response) => reply(response, 429, {}, { "retry-after": "1" }));
    const live = await cluster({ "/api/v1/nodes": busy });
    const began = performance.now();

    expect(await live.list("/api/v1/nodes", names)).toEqual(["a"]);
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it("gives up in the end, and says that the server is too busy", async () => {
    const live = await cluster({ "/api/v1/nodes": (_, response) => reply(response, 429, {}) });

    await expect(live.list("/api/v1/nodes", names)).rejects.toThrow(
      "the API server is too busy for GET /api/v1/nodes after several retries (429)",
    );
    expect(live.calls).toBe(6);
  });

  it("asks again when a connection was cut", async () => {
    const live = await cluster({ "/api/v1/nodes": failing(1, (request) => request.destroy()) });

    expect(await live.list("/api/v1/nodes", names)).toEqual(["a"]);
  });

  it("does not create twice what a server may have created before it broke off", async () => {
    const live = await cluster({
      "/api/v1/namespaces": (_, response) => reply(response, 500, { message: "oh" }),
    });

    await expect(live.create("/api/v1/namespaces", {})).rejects.toThrow("POST /api/v1/namespaces: oh (500)");
    expect(live.calls).toBe(1);
  });

  it.each([
    [401, "the credentials are not accepted (401): they have expired, or belong to another cluster"],
    [403, "this account may not: nodes is forbidden (403)"],
  ])("says at once what %i means", async (status, words) => {
    const live = await cluster({
      "/api/v1/nodes": (_, response) => reply(response, status, { message: "nodes is forbidden" }),
    });

    await expect(live.list("/api/v1/nodes", names)).rejects.toThrow(words);
    expect(live.calls).toBe(1);
  });

  it("says of a cluster that is not there that nothing listens", async () => {
    const live = await cluster({});
    const { url = "" } = api ?? {};
    await api?.stop();
    api = undefined;

    await expect(live.get("/version")).rejects.toThrow(`${url} cannot be reached: nothing listens there`);
  });

  it.each([400, 403, 405, 500])("keeps the API's own words of a refusal with status %i", async (status) => {
    const live = await cluster({
      "/x": (_, response) => reply(response, status, { message: "nodes is forbidden" }),
    });

    await expect(live.create("/x", {})).rejects.toMatchObject({ status, reason: "nodes is forbidden" });
  });

  it("goes on after requests that failed", async () => {
    const live = await cluster({ "/x": {}, "/y": (_, response) => reply(response, 400, {}) });
    await Promise.allSettled(Array.from({ length: 10 }, () => live.get("/y")));

    expect(await live.get("/x")).toEqual({});
  });

  it("ends a pause when the run is to end", async () => {
    const ending = new AbortController();
    const live = await cluster(
      { "/version": (_, response) => reply(response, 429, {}, { "retry-after": "600" }) },
      ending.signal,
    );
    const began = performance.now();
    const answer = live.get("/version");
    setTimeout(() => ending.abort(new Error("interrupted")), 100);

    await expect(answer).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(5000);
  });

  /** Counts the requests that are under way at one time. */
  function counting(status: number) {
    const seen = { now: 0, most: 0 };
    const answer: Answer = (_, response) => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      setTimeout(() => {
        seen.now -= 1;
        reply(response, status, {});
      }, 50);
    };
    return { seen, answer };
  }

  it("limits concurrent requests", async () => {
    const { seen, answer } = counting(200);
    const live = await cluster({ "/version": answer });

    await Promise.all(Array.from({ length: 20 }, () => live.get("/version")));

    expect(seen.most).toBe(4);
  });

  it("has four times as many commands under way, and requests next to them", async () => {
    const { seen, answer } = counting(404);
    const live = await cluster({ "/api/v1/namespaces/a/pods/b/exec": answer, "/version": answer });
    const call = { namespace: "a", pod: "b", container: "c", command: ["true"] };

    const commands = Array.from({ length: 40 }, () => live.exec(call));
    const refused = await Promise.allSettled(commands);

    expect(seen.most).toBe(16);
    expect(new Set(refused.map((one) => one.status === "rejected" && one.reason.message))).toEqual(
      new Set(["pod b is gone (404)"]),
    );
    await Promise.allSettled([
      ...Array.from({ length: 20 }, () => live.exec(call)),
      ...Array.from({ length: 20 }, () => live.get("/version")),
    ]);
    expect(seen.most).toBe(20);
  });
});
