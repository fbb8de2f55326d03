import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  NotReady,
  type ProviderDouble,
  Refusal,
  type Subject,
} from "../../../simulator/protocol/provider.ts";
import { type Served, serve } from "../../../simulator/protocol/serve.ts";
import { decode, encode } from "../../../simulator/protocol/values.ts";

const urn = "urn:pulumi:dev::test::test:index:Parent$test:index:Thing::thing";
const subject: Subject = { urn, type: "test:index:Thing", name: "thing" };

let calls: unknown[][];
let activity: number;
let served: Served;
let client: InstanceType<typeof providerGrpc.ResourceProviderClient>;

const double: ProviderDouble = {
  name: "test",
  version: "1.2.3",
  check: (of, olds, news) => {
    calls.push(["check", of, olds, news]);
    return { inputs: { ...news, filled: true }, failures: news["bad"] === true ? ["it is bad"] : [] };
  },
  diff: (of, oldInputs, news, oldOutputs) => {
    calls.push(["diff", of, oldInputs, news, oldOutputs]);
    const changed = Object.keys(news).filter((key) => oldInputs[key] !== news[key]);
    return { changed, replaces: changed.filter((key) => key === "name"), deleteBeforeReplace: true };
  },
  create: async (of, inputs, preview) => {
    calls.push(["create", of, inputs, preview]);
    if (inputs["fate"] === "refused") throw new Refusal("no room");
    const state = { id: "thing-1", outputs: { ...inputs, made: true } };
    if (inputs["fate"] === "ill") throw new NotReady(state, ["it is ill", "it is cold"]);
    return state;
  },
  update: async (...call) => {
    calls.push(["update", ...call]);
    return { updated: true };
  },
  delete: async (...call) => {
    calls.push(["delete", ...call]);
  },
  read: async (of, id, inputs) => {
    calls.push(["read", of, id, inputs]);
    return id === "gone" ? undefined : { id, outputs: { seen: true } };
  },
  invoke: async (token, args) => ({ token, ...args }),
};

beforeEach(async () => {
  calls = [];
  activity = 0;
  served = await serve(double, {
    onActivity: () => {
      activity += 1;
    },
  });
  const address = `127.0.0.1:${served.port}`;
  client = new providerGrpc.ResourceProviderClient(address, grpc.credentials.createInsecure());
});

afterEach(() => {
  client.close();
  served.stop();
});

function ask<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function creation(inputs: object, preview = false): providerPb.CreateRequest {
  return new providerPb.CreateRequest().setUrn(urn).setProperties(encode(inputs)).setPreview(preview);
}

describe("checking", () => {
  it("passes the inputs on and returns them filled in", async () => {
    const request = new providerPb.CheckRequest().setUrn(urn).setNews(encode({ a: 1 }));
    const response = await ask<providerPb.CheckResponse>((done) => client.check(request, done));

    expect(calls).toEqual([["check", subject, undefined, { a: 1 }]]);
    expect(decode(response.getInputs())).toEqual({ a: 1, filled: true });
    expect(response.getFailuresList()).toEqual([]);
  });

  it("returns the reasons against them", async () => {
    const request = new providerPb.CheckRequest().setUrn(urn).setNews(encode({ bad: true }));
    const response = await ask<providerPb.CheckResponse>((done) => client.check(request, done));

    expect(response.getFailuresList().map((one) => one.getReason())).toEqual(["it is bad"]);
  });
});

describe("comparing", () => {
  const diff = (news: object, ignored: string[] = []) =>
    ask<providerPb.DiffResponse>((done) =>
      client.diff(
        new providerPb.DiffRequest()
          .setUrn(urn)
          .setOldInputs(encode({ name: "a", size: 1 }))
          .setOlds(encode({ made: true }))
          .setNews(encode(news))
          .setIgnorechangesList(ignored),
        done,
      ),
    );
  const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;

  it.each<[object, string[], number, string[], string[]]>([
    [{ name: "a", size: 1 }, [], DIFF_NONE, [], []],
    [{ name: "a", size: 2 }, [], DIFF_SOME, ["size"], []],
    [{ name: "b", size: 1 }, [], DIFF_SOME, ["name"], ["name"]],
    [{ name: "b", size: 1 }, ["name"], DIFF_NONE, [], []],
  ])("%o, ignoring %o", async (news, ignored, changes, changed, replaces) => {
    const response = await diff(news, ignored);

    expect(response.getChanges()).toBe(changes);
    expect(response.getDiffsList()).toEqual(changed);
    expect(response.getReplacesList()).toEqual(replaces);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(calls).toEqual([["diff", subject, { name: "a", size: 1 }, news, { made: true }]]);
  });
});

function create(request: providerPb.CreateRequest): Promise<providerPb.CreateResponse> {
  return ask((done) => client.create(request, done));
}

describe("creating", () => {
  it("returns id and outputs, and counts as activity when it begins and when it ends", async () => {
    const response = await create(creation({ a: 1 }));

    expect(response.getId()).toBe("thing-1");
    expect(decode(response.getProperties())).toEqual({ a: 1, made: true });
    expect(calls).toEqual([["create", subject, { a: 1 }, false]]);
    expect(activity).toBe(2);
  });

  it("returns no id in a preview", async () => {
    const response = await create(creation({ a: 1 }, true));

    expect(response.getId()).toBe("");
    expect(calls).toEqual([["create", subject, { a: 1 }, true]]);
  });

  it("fails with the refusal's words", async () => {
    await expect(create(creation({ fate: "refused" }))).rejects.toMatchObject({
      code: grpc.status.UNKNOWN,
      details: "no room",
    });
    expect(activity).toBe(2);
  });

  it("fails with id, state and reasons of what exists and is not ready", async () => {
    const error: unknown = await create(creation({ fate: "ill" })).catch((one: unknown) => one);
    const [packed] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
    const status = statusPb.Status.deserializeBinary(packed as Uint8Array);
    const [detail] = status.getDetailsList();
    const failed = detail?.unpack(
      providerPb.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );

    expect(failed?.getId()).toBe("thing-1");
    expect(failed?.getReasonsList()).toEqual(["it is ill", "it is cold"]);
    expect(decode(failed?.getProperties())).toEqual({ fate: "ill", made: true });
    expect(status.getMessage()).toBe(
      "resource thing-1 was successfully created, but did not become ready: it is ill; it is cold",
    );
  });
});

describe("the other calls", () => {
  it("update with the old inputs and the old outputs, and say whether it is a preview", async () => {
    const request = new providerPb.UpdateRequest()
      .setUrn(urn)
      .setId("thing-1")
      .setOlds(encode({ made: true }))
      .setOldInputs(encode({ a: 1 }))
      .setNews(encode({ a: 2 }))
      .setPreview(true);

    const response = await ask<providerPb.UpdateResponse>((done) => client.update(request, done));
    expect(decode(response.getProperties())).toEqual({ updated: true });
    expect(calls).toEqual([["update", subject, "thing-1", { a: 1 }, { a: 2 }, true, { made: true }]]);
  });

  it("delete with the outputs", async () => {
    const request = new providerPb.DeleteRequest().setUrn(urn).setId("x");
    request.setProperties(encode({ made: true }));
    await ask((done) => client.delete(request, done));

    expect(calls).toEqual([["delete", subject, "x", { made: true }]]);
  });

  it.each([
    ["thing-1", "thing-1", { seen: true }],
    ["gone", "", {}],
  ])("read %s", async (id, found, outputs) => {
    const request = new providerPb.ReadRequest()
      .setUrn(urn)
      .setId(id)
      .setInputs(encode({ a: 1 }));
    const response = await ask<providerPb.ReadResponse>((done) => client.read(request, done));

    expect(response.getId()).toBe(found);
    expect(decode(response.getProperties())).toEqual(outputs);
  });

  it("invoke a function", async () => {
    const request = new providerPb.InvokeRequest().setTok("test:index:look").setArgs(encode({ a: 1 }));

    const response = await ask<providerPb.InvokeResponse>((done) => client.invoke(request, done));
    expect(decode(response.getReturn())).toEqual({ token: "test:index:look", a: 1 });
  });

  it("refuse a component that is not simulated", async () => {
    const request = new providerPb.ConstructRequest().setType("test:index:Whole").setName("x");

    await expect(ask((done) => client.construct(request, done))).rejects.toMatchObject({
      details: "unknown component test:index:Whole",
    });
  });
});
