import { removed } from "./redactText.ts";

/** Variables of containers whose values tell how Calico is set up; of any other only the name is kept. */
const openVariable =
  /^(?:FELIX_(?!.*(?:KEY|CERT|PASSWORD|TOKEN))\w+|CALICO_\w+|DATASTORE_TYPE|KUBERNETES_SERVICE_(?:HOST|PORT)|NODENAME|NO_DEFAULT_POOLS|CLUSTER_TYPE|IP6?|IP_AUTODETECTION_METHOD|TYPHA_\w+)$/;

/** Holds the whole object once more, values of variables included. */
const copies = ["kubectl.kubernetes.io/last-applied-configuration"];

/** Takes out of an object of the API what may be secret, and what only takes space. */
export function redactObject(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactObject);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]): [string, unknown][] => {
      if (field === "managedFields" || copies.includes(field)) return [];
      if (field === "env" && Array.isArray(inner)) return [[field, inner.map(variable)]];
      return [[field, redactObject(inner)]];
    }),
  );
}

function variable(one: { readonly name?: string; readonly value?: unknown }): unknown {
  if (one.value === undefined || openVariable.test(one.name ?? "")) return one;
  return { ...one, value: removed };
}
