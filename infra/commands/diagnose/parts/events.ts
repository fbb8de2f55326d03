import type { Live } from "../../verify/check.ts";
import type { Collection } from "../collection.ts";

/** Namespaces of Calico and of what it depends on; nodes have their events in the last. */
const namespaces = [
  "calico-system",
  "tigera-operator",
  "calico-apiserver",
  "kube-system",
  "default",
] as const;

interface RawEvent {
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly count?: number;
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

/** Collects events, a line each, oldest first. */
export async function collectEvents({ cluster }: Live, collection: Collection): Promise<void> {
  await Promise.all(
    namespaces.map((namespace) =>
      collection.attempt(`events of ${namespace}`, async () => {
        const lines = await cluster.list(`/api/v1/namespaces/${namespace}/events`, lineOf);
        if (lines === undefined || lines.length === 0) return;
        collection.addText(`events/${namespace}.txt`, `${lines.toSorted().join("\n")}\n`);
      }),
    ),
  );
}

function lineOf(object: unknown): string {
  const { lastTimestamp, eventTime, count = 1, type, reason, message, involvedObject } = object as RawEvent;
  const about = `${involvedObject?.kind} ${involvedObject?.name}`;
  return `${lastTimestamp ?? eventTime ?? "-"} ${type} ${reason} ${about}: ${message} (${count} times)`;
}
