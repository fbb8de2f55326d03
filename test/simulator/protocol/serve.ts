import { Buffer } from "node:buffer";
import grpc from "@grpc/grpc-js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { type Construction, construction } from "./component.ts";
import { NotReady, type ProviderDouble, type Subject, type Values } from "./provider.ts";
import { decode, encode } from "./values.ts";

/** A component that a simulated provider constructs; returns its outputs. */
export type ComponentDouble = (of: Construction) => Promise<{ readonly urn: string; readonly state: Values }>;

export interface ServeOptions {
  /** Components by type. */
  readonly components?: Readonly<Record<string, ComponentDouble>>;
  /** Notified when a call begins or ends. */
  readonly onActivity?: () => void;
}

export interface Served {
  readonly name: string;
  readonly port: number;
  stop(): void;
}

type Handler<Request, Response> = (request: Request) => Response | Promise<Response>;

/** Puts a simulated provider on a free port of this machine, for the engine to attach to. */
export async function serve(provider: ProviderDouble, options: ServeOptions = {}): Promise<Served> {
  const server = new grpc.Server();
  server.addService(providerGrpc.ResourceProviderService, handlers(provider, options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { name: provider.name, port, stop: () => server.forceShutdown() };
}

function handlers(provider: ProviderDouble, { components = {}, onActivity = () => {} }: ServeOptions) {
  const unary =
    <Request, Response>(handle: Handler<Request, Response>) =>
    async (
      call: grpc.ServerUnaryCall<Request, Response>,
      done: grpc.sendUnaryData<Response>,
    ): Promise<void> => {
      onActivity();
      try {
        done(null, await handle(call.request));
      } catch (error) {
        done(failure(error));
      } finally {
        onActivity();
      }
    };
  // The engine asks for these and goes on without, as with any provider that lacks them.
  const unimplemented = (_: unknown, done: grpc.sendUnaryData<never>) =>
    done({ code: grpc.status.UNIMPLEMENTED, message: "this provider has no such method" });

  return {
    handshake: unimplemented,
    parameterize: unimplemented,
    call: unimplemented,
    getMapping: unimplemented,
    getMappings: unimplemented,
    attach: unary(() => new emptyPb.Empty()),
    cancel: unary(() => new emptyPb.Empty()),
    getSchema: unary(() => new providerPb.GetSchemaResponse().setSchema("{}")),
    getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(provider.version)),
    checkConfig: unary((request: providerPb.CheckRequest) =>
      new providerPb.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() => diffResponse([], [], false)),
    configure: unary((request: providerPb.ConfigureRequest) => {
      provider.configure?.(decode(request.getArgs()));
      // The engine requires secrets and resources from providers of components.
      return new providerPb.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(true)
        .setAcceptoutputs(false)
        .setSupportspreview(true);
    }),
    ...resources(provider, unary),
    invoke: unary(async (request: providerPb.InvokeRequest) => {
      const result = await provider.invoke(request.getTok(), decode(request.getArgs()));
      return new providerPb.InvokeResponse().setReturn(encode(result));
    }),
    construct: unary(async (request: providerPb.ConstructRequest) => {
      const component = components[request.getType()];
      if (component === undefined) throw new Error(`unknown component ${request.getType()}`);
      const of = construction(request);
      try {
        const { urn, state } = await component(of);
        return new providerPb.ConstructResponse().setUrn(urn).setState(encode(state));
      } finally {
        of.close();
      }
    }),
  };
}

type Unary = <Request, Response>(
  handle: Handler<Request, Response>,
) => grpc.handleUnaryCall<Request, Response>;

function resources(provider: ProviderDouble, unary: Unary) {
  return {
    check: unary((request: providerPb.CheckRequest) => {
      const olds = request.getOlds() === undefined ? undefined : decode(request.getOlds());
      const { inputs, failures } = provider.check(subject(request), olds, decode(request.getNews()));
      return new providerPb.CheckResponse()
        .setInputs(encode(inputs))
        .setFailuresList(failures.map((reason) => new providerPb.CheckFailure().setReason(reason)));
    }),
    diff: unary((request: providerPb.DiffRequest) => {
      const ignored = new Set(request.getIgnorechangesList());
      const { changed, replaces, deleteBeforeReplace } = provider.diff(
        subject(request),
        decode(request.getOldInputs()),
        decode(request.getNews()),
        decode(request.getOlds()),
      );
      return diffResponse(
        changed.filter((key) => !ignored.has(key)),
        replaces.filter((key) => !ignored.has(key)),
        deleteBeforeReplace ?? false,
      );
    }),
    create: unary(async (request: providerPb.CreateRequest) => {
      const preview = request.getPreview();
      const { id, outputs } = await provider.create(
        subject(request),
        decode(request.getProperties()),
        preview,
      );
      return new providerPb.CreateResponse().setId(preview ? "" : id).setProperties(encode(outputs));
    }),
    update: unary(async (request: providerPb.UpdateRequest) => {
      const outputs = await provider.update(
        subject(request),
        request.getId(),
        decode(request.getOldInputs()),
        decode(request.getNews()),
        request.getPreview(),
        decode(request.getOlds()),
      );
      return new providerPb.UpdateResponse().setProperties(encode(outputs));
    }),
    delete: unary(async (request: providerPb.DeleteRequest) => {
      await provider.delete(subject(request), request.getId(), decode(request.getProperties()));
      return new emptyPb.Empty();
    }),
    read: unary(async (request: providerPb.ReadRequest) => {
      const inputs = decode(request.getInputs());
      const state = await provider.read(
        subject(request),
        request.getId(),
        inputs,
        decode(request.getProperties()),
      );
      if (state === undefined) return new providerPb.ReadResponse();
      return new providerPb.ReadResponse()
        .setId(state.id)
        .setProperties(encode(state.outputs))
        .setInputs(encode(state.inputs ?? inputs));
    }),
  };
}

function subject(request: { getUrn(): string }): Subject {
  const urn = request.getUrn();
  const [, , types = "", name = ""] = urn.split("::");
  return { urn, type: types.split("$").at(-1) ?? "", name };
}

function diffResponse(
  changed: readonly string[],
  replaces: readonly string[],
  deleteBeforeReplace: boolean,
): providerPb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
  return new providerPb.DiffResponse()
    .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...changed])
    .setReplacesList([...replaces])
    .setDeletebeforereplace(deleteBeforeReplace);
}

/** A resource that exists without being ready travels as a detail of the error, as real providers send it. */
function failure(error: unknown): grpc.ServiceError | Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const code = grpc.status.UNKNOWN;
  if (!(error instanceof NotReady)) return { code, details: message };
  const detail = new providerPb.ErrorResourceInitFailed()
    .setId(error.state.id)
    .setProperties(encode(error.state.outputs))
    .setReasonsList([...error.reasons]);
  if (error.state.inputs !== undefined) detail.setInputs(encode(error.state.inputs));
  const any = new anyPb.Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusPb.Status();
  status.setCode(code);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code, details: message, metadata };
}
