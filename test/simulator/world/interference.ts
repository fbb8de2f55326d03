import type { ProviderDouble, Subject } from "../protocol/provider.ts";
import type { Activity } from "./activity.ts";
import type { Operation } from "./fault.ts";

/** A call that is about to be made; previews are none, they change nothing. */
export interface Call {
  /** Name of the provider: `aws`, `kubernetes`. */
  readonly provider: string;
  readonly operation: Operation;
  readonly subject: Subject;
}

/** Stands between the engine and a provider: does the work, or lets something go wrong before or after it. */
export type Interference = <Result>(
  call: Call,
  activity: Activity,
  work: () => Promise<Result>,
) => Promise<Result>;

/** The same provider, with all calls that change or read something going through an interference. */
export function disturbed(
  provider: ProviderDouble,
  activity: Activity,
  interfere: Interference,
): ProviderDouble {
  const through = <Result>(operation: Operation, subject: Subject, work: () => Promise<Result>) =>
    interfere({ provider: provider.name, operation, subject }, activity, work);
  return {
    name: provider.name,
    version: provider.version,
    configure: (config) => provider.configure?.(config),
    check: (...of) => provider.check(...of),
    diff: (...of) => provider.diff(...of),
    invoke: (...of) => provider.invoke(...of),
    create: (subject, inputs, preview) =>
      preview
        ? provider.create(subject, inputs, true)
        : through("create", subject, () => provider.create(subject, inputs, false)),
    ...(provider.configure === undefined ? {} : { configure: (args) => provider.configure?.(args) }),
    update: (subject, id, olds, news, preview, oldOutputs) =>
      preview
        ? provider.update(subject, id, olds, news, true, oldOutputs)
        : through("update", subject, () => provider.update(subject, id, olds, news, false, oldOutputs)),
    delete: (subject, ...of) => through("delete", subject, () => provider.delete(subject, ...of)),
    read: (subject, ...of) => through("read", subject, () => provider.read(subject, ...of)),
  };
}
