import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { type Deployment, type Registered, registration, stackType } from "./registration.ts";
import { answered, plain, secret, secretNames } from "./wire.ts";

export interface LogLine {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
}

/** What the cloud adds to what a program asks for. */
export interface Cloud {
  /** Outputs beyond the inputs, or instead of them. Not used in a preview. Default: none. */
  readonly outputsOf?: (resource: Registered) => Readonly<Record<string, unknown>>;
  /** Answers a call by its token. Throws to refuse it. Default: refuses every call. */
  readonly invoke?: (token: string, args: Readonly<Record<string, unknown>>) => unknown;
}

/** Everything that the engine received from the program. */
export interface Received {
  /** In the order of registration, without the stack. */
  readonly resources: Registered[];
  /** What the stack exports, as plain values. */
  outputs: Record<string, unknown>;
  /** Names of the outputs that hold a secret. */
  secretOutputs: string[];
  /** Without what is there for debugging only, as a user sees it. */
  readonly log: LogLine[];
}

/** Transforms, hooks and packages are left out: the engine would call back into the program for them. */
const features = [
  "secrets",
  "resourceReferences",
  "outputValues",
  "deletedWith",
  "replaceWith",
  "aliasSpecs",
];
const severities = [undefined, "info", "warning", "error"] as const;

/** The two services that a program needs, on one server; what it sends them is collected in `received`. */
export function addEngineServices(
  server: grpc.Server,
  deployment: Deployment,
  cloud: Cloud,
  received: Received,
): void {
  server.addService(resourceGrpc.ResourceMonitorService, monitor(deployment, cloud, received));
  server.addService(engineGrpc.EngineService, engine(received));
}

/** One call with one answer; what the handler throws is the engine's refusal. */
function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
  return async (call: grpc.ServerUnaryCall<Request, Response>, done: grpc.sendUnaryData<Response>) => {
    try {
      done(null, await handle(call.request));
    } catch (error) {
      done({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) });
    }
  };
}

function monitor(deployment: Deployment, { outputsOf, invoke }: Cloud, received: Received) {
  let stackUrn = "";
  return {
    supportsFeature: unary((request: resourcePb.SupportsFeatureRequest) =>
      new resourcePb.SupportsFeatureResponse().setHassupport(features.includes(request.getId())),
    ),
    registerResource: unary((request: resourcePb.RegisterResourceRequest) => {
      const raw = properties(request.getObject());
      const resource = registration(request, raw, deployment);
      if (resource.type === stackType) {
        stackUrn = resource.urn;
        return new resourcePb.RegisterResourceResponse().setUrn(stackUrn);
      }
      received.resources.push(resource);

      const added = deployment.preview ? {} : (outputsOf?.(resource) ?? {});
      const state: Record<string, unknown> = { ...(answered(raw) as object), ...added };
      for (const name of request.getAdditionalsecretoutputsList()) {
        if (state[name] !== undefined) state[name] = secret(state[name]);
      }
      const response = new resourcePb.RegisterResourceResponse()
        .setUrn(resource.urn)
        .setObject(struct(state));
      return resource.custom && !deployment.preview ? response.setId(`${resource.name}-id`) : response;
    }),
    registerResourceOutputs: unary((request: resourcePb.RegisterResourceOutputsRequest) => {
      if (request.getUrn() === stackUrn) {
        const outputs = properties(request.getOutputs());
        received.outputs = plain(outputs) as Record<string, unknown>;
        received.secretOutputs = secretNames(outputs);
      }
      return new emptyPb.Empty();
    }),
    invoke: unary(async (request: resourcePb.ResourceInvokeRequest) => {
      const token = request.getTok();
      if (invoke === undefined) throw new Error(`no answer to ${token}`);
      const answer = await invoke(token, plain(properties(request.getArgs())) as Record<string, unknown>);
      return new resourcePb.ResourceInvokeResponse().setReturn(struct(answer));
    }),
    signalAndWaitForShutdown: unary(() => new emptyPb.Empty()),
  };
}

function engine(received: Received) {
  let root = "";
  return {
    log: unary((request: enginePb.LogRequest) => {
      const severity = severities[request.getSeverity()];
      if (severity !== undefined) received.log.push({ severity, message: request.getMessage() });
      return new emptyPb.Empty();
    }),
    getRootResource: unary(() => new enginePb.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: enginePb.SetRootResourceRequest) => {
      root = request.getUrn();
      return new enginePb.SetRootResourceResponse();
    }),
    requirePulumiVersion: unary(() => new enginePb.RequirePulumiVersionResponse()),
  };
}

function properties(struct: structPb.Struct | undefined): Record<string, unknown> {
  return struct?.toJavaScript() ?? {};
}

/** Leaves out what is undefined, which a Struct cannot hold. */
function struct(values: unknown): structPb.Struct {
  return structPb.Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}
