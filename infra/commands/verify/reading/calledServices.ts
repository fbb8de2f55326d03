import { oncePerRun } from "../check.ts";

/** A webhook or API service that the API server calls through a service. */
export interface CalledService {
  /** `ValidatingWebhookConfiguration cert-manager, webhook.cert-manager.io` */
  readonly caller: string;
  readonly namespace: string;
  readonly service: string;
  /** Port of the service. */
  readonly port: number;
}

interface Reference {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

interface RawConfiguration {
  readonly metadata: { readonly name: string };
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig?: { readonly service?: Reference };
  }[];
}

interface RawApiService {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly service?: Reference };
}

interface RawDefinition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly conversion?: { readonly webhook?: { readonly clientConfig?: { readonly service?: Reference } } };
  };
}

/** Webhooks for admission and conversion, and API services, behind services of the cluster. */
export const calledServices = oncePerRun(async ({ cluster }): Promise<CalledService[]> => {
  const admission = "/apis/admissionregistration.k8s.io/v1";
  const lists = await Promise.all([
    cluster.list(
      `${admission}/validatingwebhookconfigurations`,
      webhooksOf("ValidatingWebhookConfiguration"),
    ),
    cluster.list(`${admission}/mutatingwebhookconfigurations`, webhooksOf("MutatingWebhookConfiguration")),
    cluster.list("/apis/apiregistration.k8s.io/v1/apiservices", apiServiceOf),
    cluster.list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", conversionOf),
  ]);
  return lists.flatMap((list) => (list ?? []).flat());
});

function called(caller: string, service: Reference | undefined): CalledService[] {
  if (service === undefined) return [];
  const { namespace, name, port = 443 } = service;
  return [{ caller, namespace, service: name, port }];
}

function webhooksOf(kind: string) {
  return (object: unknown): CalledService[] => {
    const { metadata, webhooks = [] } = object as RawConfiguration;
    return webhooks.flatMap(({ name, clientConfig }) =>
      called(`${kind} ${metadata.name}, ${name}`, clientConfig?.service),
    );
  };
}

function apiServiceOf(object: unknown): CalledService[] {
  const { metadata, spec } = object as RawApiService;
  return called(`APIService ${metadata.name}`, spec.service);
}

function conversionOf(object: unknown): CalledService[] {
  const { metadata, spec } = object as RawDefinition;
  return called(`conversion of ${metadata.name}`, spec.conversion?.webhook?.clientConfig?.service);
}
