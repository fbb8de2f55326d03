import grpc from "@grpc/grpc-js";
import type providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import { ownConnection } from "./programCalls.ts";
import type { Values } from "./provider.ts";
import { decode, encode } from "./values.ts";

/** A resource that a component registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly state: Values;
}

export interface Child {
  readonly type: string;
  readonly name: string;
  /** False for a component. */
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: Values;
  /** URNs. */
  readonly dependsOn?: readonly string[];
  /** Reference to the provider, `urn::id`. */
  readonly provider?: string;
  readonly ignoreChanges?: readonly string[];
  /** Version of the provider's package. */
  readonly version?: string;
}

/** What a simulated component is constructed from. */
export interface Construction {
  readonly type: string;
  readonly name: string;
  readonly inputs: Values;
  /** References to providers by package. */
  readonly providers: Readonly<Record<string, string>>;
  /** Registers the component itself; its children take the URN as their parent. */
  registerSelf(): Promise<Registered>;
  register(child: Child): Promise<Registered>;
}

/** The real engine's resource monitor, as a component inside a provider sees it. */
export function construction(request: providerPb.ConstructRequest): Construction & { close(): void } {
  const monitor = new resourceGrpc.ResourceMonitorClient(
    request.getMonitorendpoint(),
    grpc.credentials.createInsecure(),
    ownConnection,
  );
  const send = (message: resourcePb.RegisterResourceRequest) =>
    new Promise<Registered>((resolve, reject) => {
      monitor.registerResource(message, (error, response) => {
        if (error !== null) return reject(new Error(error.details));
        return resolve({ urn: response.getUrn(), id: response.getId(), state: decode(response.getObject()) });
      });
    });
  const type = request.getType();
  const name = request.getName();
  return {
    type,
    name,
    inputs: decode(request.getInputs()),
    providers: Object.fromEntries(request.getProvidersMap().getEntryList()),
    registerSelf: () => {
      const message = base({ type, name, custom: false, parent: request.getParent(), inputs: {} });
      message.setDependenciesList(request.getDependenciesList());
      return send(message);
    },
    register: (child) => send(base(child)),
    close: () => monitor.close(),
  };
}

function base(child: Child): resourcePb.RegisterResourceRequest {
  const message = new resourcePb.RegisterResourceRequest();
  message.setType(child.type);
  message.setName(child.name);
  message.setCustom(child.custom);
  message.setParent(child.parent);
  message.setObject(encode(child.inputs));
  message.setDependenciesList([...(child.dependsOn ?? [])]);
  message.setProvider(child.provider ?? "");
  message.setVersion(child.version ?? "");
  message.setIgnorechangesList([...(child.ignoreChanges ?? [])]);
  message.setAcceptsecrets(false);
  message.setAcceptresources(true);
  // Without it, unknown values are left out of the answer.
  message.setSupportspartialvalues(true);
  return message;
}
