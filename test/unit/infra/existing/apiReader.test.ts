import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiReader, ReadError } from "../../../../infra/existing/apiReader.ts";
import { type Answer, configOf, type FakeApiServer, startApiServer } from "./apiServer.ts";

vi.mock("node:https", async (original) => ({
  ...(await original<object>()),
  ...(await import("./withoutTls.ts")).withoutTls,
}));

let server: FakeApiServer;

afterEach(() => server?.stop());

async function readerOf(answer: (path: string, body: unknown) => Answer | undefined): Promise<ApiReader> {
  server = await startApiServer(answer);
  return new ApiReader(configOf(server));
}

describe("a read of the API server", () => {
  it("gives the object", async () => {
    const reader = await readerOf(() => ({ kind: "Node" }));

    expect(await reader.get("/api/v1/nodes/a")).toEqual({ kind: "Node" });
  });

  it("gives nothing where there is none", async () => {
    const reader = await readerOf(() => 404);

    expect(await reader.get("/api/v1/nodes/a")).toBeUndefined();
    expect(await reader.list("/api/v1/nodes", (one) => one)).toBeUndefined();
  });

  it.each([400, 401, 403, 405, 410, 500, 503])(
    "fails with status %d and the API's own words",
    async (status) => {
      const reader = await readerOf(() => status);

      await expect(reader.get("/x")).rejects.toMatchObject({ status, message: `status ${status}` });
      await expect(reader.get("/x")).rejects.toBeInstanceOf(ReadError);
    },
  );

  it("fails with status 0 where nobody answers", async () => {
    const reader = await readerOf(() => ({}));
    await server.stop();

    await expect(reader.get("/x")).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("goes through all pages of a list, and keeps what is picked", async () => {
    const pages: Record<string, object> = {
      "/api/v1/nodes?limit=250": { items: [{ n: 1 }, { n: 2 }], metadata: { continue: "a/b=" } },
      "/api/v1/nodes?limit=250&continue=a%2Fb%3D": { items: [{ n: 3 }], metadata: { continue: "" } },
    };
    const reader = await readerOf((path) => pages[path]);

    expect(await reader.list("/api/v1/nodes", (one) => (one as { n: number }).n)).toEqual([1, 2, 3]);
    expect(server.asked()).toEqual(Object.keys(pages).map((path) => `GET ${path}`));
  });

  it("has eight requests under way at most, and all of them in the end", async () => {
    const reader = await readerOf(() => ({}));
    await Promise.all(Array.from({ length: 30 }, (_, index) => reader.get(`/${index}`)));

    expect(server.asked()).toHaveLength(30);
    expect(server.most()).toBe(8);
  });

  it("goes on after requests that failed", async () => {
    const reader = await readerOf(() => 500);
    await Promise.allSettled(Array.from({ length: 10 }, () => reader.get("/x")));

    await expect(reader.get("/x")).rejects.toMatchObject({ status: 500 });
  });

  it("posts a body, and fails where there is no such path", async () => {
    const reader = await readerOf((path) => (path === "/there" ? { done: true } : 404));

    expect(await reader.post("/there", { a: 1 })).toEqual({ done: true });
    expect(server.posted).toEqual([{ a: 1 }]);
    await expect(reader.post("/nowhere", {})).rejects.toMatchObject({ status: 404 });
  });

  it("says what it sends and what it takes, with its token", async () => {
    const reader = await readerOf(() => ({}));
    await reader.get("/x");

    expect(server.headers).toMatchObject({
      accept: "application/json",
      "content-type": "application/json",
      authorization: "Bearer a-token",
    });
  });

  it("refuses a kubeconfig whose context names no cluster", () => {
    expect(() => new ApiReader(new KubeConfig())).toThrow("the kubeconfig's context names no cluster");
  });
});
