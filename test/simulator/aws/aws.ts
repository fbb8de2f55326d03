import { durations } from "../durations.ts";
import {
  type Difference,
  type ProviderDouble,
  Refusal,
  type State,
  type Subject,
  UNKNOWN,
  type Values,
} from "../protocol/provider.ts";
import { TimedOut } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";
import { addonRow } from "./addon.ts";
import { accessRows } from "./eksAccess.ts";
import { clusterRow } from "./eksCluster.ts";
import { endpointRows } from "./endpoints.ts";
import { resourceId } from "./ids.ts";
import { difference, inputProblems, withName } from "./inputs.ts";
import { interruptionRows } from "./interruptions.ts";
import { invokes } from "./invokes.ts";
import { keyAndLogRows } from "./keysAndLogs.ts";
import { launchTemplateRows } from "./launchTemplate.ts";
import { refusesTags } from "./limits.ts";
import type { AwsObject, Cloud, Request, Row } from "./model.ts";
import { networkRows } from "./network.ts";
import { networkInterfaceRows } from "./networkInterface.ts";
import { nodeGroupRow } from "./nodeGroup.ts";
import { podIdentityRow } from "./podIdentity.ts";
import { roleRows } from "./roles.ts";
import { securityGroupRows } from "./securityGroups.ts";
import { type CloudOptions, Store } from "./store.ts";
import { types } from "./types.ts";
import { text, texts, withoutNulls } from "./values.ts";

const rows: ReadonlyMap<string, Row> = new Map(
  [
    ...networkRows,
    ...networkInterfaceRows,
    ...endpointRows,
    ...securityGroupRows,
    ...launchTemplateRows,
    ...roleRows,
    ...keyAndLogRows,
    clusterRow,
    ...accessRows,
    nodeGroupRow,
    addonRow,
    podIdentityRow,
    ...interruptionRows,
  ].map((row) => [row.type, row]),
);

/** Duration of each type. Types that only AWS creates take no extra time. */
const seconds: Readonly<Record<string, { create: number; delete: number; update?: number }>> = durations;

/** Seconds of an update without a row. */
const ordinaryUpdate = 1;

export interface AwsOptions extends CloudOptions {
  /** Objects that are there before the program runs, in the order of their references. */
  readonly existing?: readonly { readonly type: string; readonly id: string; readonly inputs: Values }[];
}

/** A simulated AWS account, behind the interface of Pulumi's AWS provider. */
export class Aws implements ProviderDouble {
  readonly name = "aws";
  readonly version = "7.48.0";

  readonly #store: Store;
  /** How often each resource was named and created, so that a replacement differs from what it replaces. */
  readonly #generations = new Map<string, number>();

  constructor({ existing = [], ...options }: AwsOptions) {
    this.#store = new Store(options, rows);
    for (const { type, id, inputs } of existing) this.#store.addManaged({ type, id, urn: "", inputs });
  }

  /** Everything that exists, by type and id. */
  get objects(): ReadonlyMap<string, AwsObject> {
    return this.#store.objects;
  }

  /** The account as its own services see it. */
  get cloud(): Cloud {
    return this.#store;
  }

  /** Number of the account. */
  get account(): string {
    return this.#store.account;
  }

  /** EC2 instances that have joined their cluster, by id. */
  get instances(): ReadonlyMap<string, Instance> {
    return this.#store.instances;
  }

  /** The EKS add-ons that are installed. */
  get addons(): { name: string; clusterName: string }[] {
    return this.ofType(types.addon).map(({ inputs }) => ({
      name: text(inputs, "addonName"),
      clusterName: text(inputs, "clusterName"),
    }));
  }

  ofType(type: string): AwsObject[] {
    return this.#store.ofType(type);
  }

  find(type: string, id: string): AwsObject | undefined {
    return this.#store.find(type, id);
  }

  /** As the provider does: `assumeRoles` is a list, in JSON. */
  configure(config: Values): void {
    const roles: readonly Values[] = JSON.parse(text(config, "assumeRoles") || "[]");
    const role = roles.at(-1);
    this.#store.assumed =
      role === undefined
        ? undefined
        : { roleArn: text(role, "roleArn"), session: text(role, "sessionName") || "session" };
  }

  check(subject: Subject, olds: Values | undefined, news: Values): { inputs: Values; failures: string[] } {
    const row = rows.get(subject.type);
    if (row === undefined) return { inputs: news, failures: [`the simulated AWS has no ${subject.type}`] };
    const given = withoutNulls(news);
    const inputs = withName(row, subject, given, olds, this.#nextSeed(`name of ${subject.urn}`));
    return { inputs, failures: inputProblems(row, inputs) };
  }

  diff(subject: Subject, oldInputs: Values, news: Values, oldOutputs: Values): Difference {
    return difference(rowOf(subject), subject, oldInputs, news, oldOutputs);
  }

  async create(subject: Subject, inputs: Values, preview: boolean): Promise<State> {
    const row = rowOf(subject);
    if (preview)
      return { id: "", outputs: { ...row.defaults, ...inputs, ...unknown(Object.keys(row.outputs)) } };

    this.#refuse(row, { subject, inputs, cloud: this.#store });
    const object = this.#accept(row, subject, inputs);
    await (row.creates?.(object, this.#store) ?? this.#store.activity.work(seconds[row.type]?.create ?? 0));
    this.#store.activity.changed();
    return { id: object.id, outputs: object.outputs };
  }

  async update(subject: Subject, id: string, olds: Values, news: Values, preview: boolean): Promise<Values> {
    const row = rowOf(subject);
    const object = this.#store.find(subject.type, id);
    if (preview) {
      const before = object?.outputs ?? olds;
      const computed = Object.fromEntries(
        Object.keys(row.outputs).map((name) => [name, before[name] ?? UNKNOWN]),
      );
      return { ...row.defaults, ...news, ...computed, ...unknown(row.changes ?? []) };
    }
    if (object === undefined) throw new Refusal(`${subject.type} ${id} does not exist`);

    this.#refuse(row, { subject, inputs: news, cloud: this.#store, self: object });
    await (row.updates?.(object, news, this.#store) ??
      this.#store.activity.work(seconds[row.type]?.update ?? ordinaryUpdate));
    object.inputs = news;
    object.versions.push(news);
    object.outputs = this.#store.outputsOf(object);
    this.#store.activity.changed();
    return object.outputs;
  }

  async delete(subject: Subject, id: string): Promise<void> {
    const row = rowOf(subject);
    const object = this.#store.find(subject.type, id);
    if (object === undefined) return;
    const kept = row.keeps?.(object);
    if (kept !== undefined) throw new Refusal(kept);
    await this.#untilNobodyHolds(row, object);
    await (row.deletes?.(object, this.#store) ?? this.#store.activity.work(seconds[row.type]?.delete ?? 0));
    this.#store.remove(object);
    this.#store.activity.changed();
  }

  async read(subject: Subject, id: string): Promise<State | undefined> {
    const object = this.#store.find(subject.type, id);
    return object && { id, outputs: object.outputs };
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const invoke = invokes[token];
    if (invoke === undefined) throw new Refusal(`the simulated AWS has no function ${token}`);
    return invoke(withoutNulls(args), this.#store);
  }

  #nextSeed(of: string): string {
    const generation = (this.#generations.get(of) ?? 0) + 1;
    this.#generations.set(of, generation);
    return `${of} #${generation}`;
  }

  #refuse(row: Row, request: Request): void {
    for (const reference of row.references ?? []) {
      const values = texts(request.inputs, reference.property);
      const missing = values.find((value) => this.#store.target(reference, value) === undefined);
      if (missing !== undefined) throw new Refusal(reference.missing(missing));
    }
    const refusal = refusesTags(row.type, request.inputs) ?? row.refuses?.(request);
    if (refusal !== undefined) throw new Refusal(refusal);
  }

  /** The object exists from the moment that AWS accepts the call, however long the rest takes. */
  #accept(row: Row, { type, urn }: Subject, inputs: Values): AwsObject {
    const seed = this.#nextSeed(urn);
    const id = typeof row.id === "string" ? resourceId(row.id, seed) : row.id(inputs, seed);
    if (this.#store.find(type, id) !== undefined && row.duplicate !== undefined) {
      throw new Refusal(row.duplicate(id, inputs));
    }
    const object: AwsObject = { type, id, urn, seed, inputs, outputs: {}, versions: [inputs], serial: 0 };
    object.outputs = this.#store.outputsOf(object);
    this.#store.add(object);
    row.begins?.(object, this.#store);
    object.outputs = this.#store.outputsOf(object);
    return object;
  }

  /** Tries a deletion again for as long as the provider does, then gives AWS's refusal. */
  async #untilNobodyHolds(row: Row, object: AwsObject): Promise<void> {
    const { held, patienceSeconds } = row;
    const holders = () => this.#store.holders(object);
    if (held === undefined || holders().length === 0) return;
    const refusal = new Refusal(held(object.id, object.inputs));
    if (patienceSeconds === undefined) throw refusal;
    const providedBy = [...new Set(holders().map(({ type }) => type))];
    const names = holders().map(({ id }) => id);
    const wait = {
      urn: object.urn,
      what: `${names.join(", ")} to let go of ${object.id}`,
      providedBy,
      timeoutSeconds: patienceSeconds,
    };
    try {
      await this.#store.activity.until(wait, () => holders().length === 0);
    } catch (error) {
      throw error instanceof TimedOut ? refusal : error;
    }
  }
}

function rowOf({ type }: Subject): Row {
  const row = rows.get(type);
  if (row === undefined) throw new Refusal(`the simulated AWS has no ${type}`);
  return row;
}

function unknown(names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}
