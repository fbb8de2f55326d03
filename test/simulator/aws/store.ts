import type { Values } from "../protocol/provider.ts";
import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";
import { defaultQuotas } from "./limits.ts";
import {
  type AddonEvent,
  type AwsObject,
  type Cloud,
  keyOf,
  type Quotas,
  type Reference,
  type Row,
  type Zone,
} from "./model.ts";
import { texts } from "./values.ts";

export interface CloudOptions {
  readonly activity: Activity;
  readonly region: string;
  /** Default 111122223333, the account of AWS's own examples. */
  readonly account?: string;
  /** Default: the region's zones a, b and c, and a Local and a Wavelength Zone that the account has opted into. */
  readonly zones?: readonly Zone[];
  /** Zones that offer an instance type. Default: every zone offers everything. */
  readonly offerings?: Readonly<Record<string, readonly string[]>>;
  /** Quotas that differ from AWS's defaults. */
  readonly quotas?: Partial<Quotas>;
  /** Called for every EKS add-on, so that the simulated Kubernetes creates its objects. */
  readonly onAddon?: (event: AddonEvent) => unknown;
}

/** `eu-west-1` → `euw1`, as zone ids begin. */
function zonePrefix(region: string): string {
  const [area = "", ...rest] = region.split("-");
  const words = rest.join("-").match(/north|south|east|west|central|gov/g) ?? [];
  return `${area}${words.map((word) => word.charAt(0)).join("")}${rest.at(-1)}`;
}

/** In the order of their names, as the provider has them: what the account has opted into comes first. */
function defaultZones(region: string): Zone[] {
  const prefix = zonePrefix(region);
  const ordinary = ["a", "b", "c"].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${prefix}-az${index + 1}`,
  }));
  return [
    { name: `${region}-loc-1a`, id: `${prefix}-loc1-az1`, type: "local-zone" },
    { name: `${region}-wl1-loc-wlz-1`, id: `${prefix}-wl1-loc-wlz1`, type: "wavelength-zone" },
    ...ordinary,
  ];
}

/** The objects of the simulated AWS, and who refers to whom. */
export class Store implements Cloud {
  readonly region: string;
  readonly account: string;
  /** The role that the provider assumes. */
  assumed: { readonly roleArn: string; readonly session: string } | undefined;
  readonly zones: readonly Zone[];
  readonly offerings: Readonly<Record<string, readonly string[]>>;
  readonly quotas: Quotas;
  readonly activity: Activity;
  readonly onAddon: (event: AddonEvent) => unknown;
  readonly objects = new Map<string, AwsObject>();
  readonly instances = new Map<string, Instance>();

  readonly #rows: ReadonlyMap<string, Row>;
  /** The same objects once more: rules are read per pair of nodes. */
  readonly #byType = new Map<string, Map<string, AwsObject>>();

  constructor(options: CloudOptions, rows: ReadonlyMap<string, Row>) {
    this.region = options.region;
    this.account = options.account ?? "111122223333";
    this.zones = options.zones ?? defaultZones(options.region);
    this.offerings = options.offerings ?? {};
    this.quotas = { ...defaultQuotas, ...options.quotas };
    this.activity = options.activity;
    this.onAddon = options.onAddon ?? (() => {});
    this.#rows = rows;
  }

  get principal(): string {
    return this.assumed?.roleArn ?? `arn:aws:iam::${this.account}:user/rehearsal`;
  }

  get caller(): string {
    if (this.assumed === undefined) return this.principal;
    const { roleArn, session } = this.assumed;
    const [, partition, , , account] = roleArn.split(":");
    return `arn:${partition}:sts::${account}:assumed-role/${roleArn.split("/").at(-1)}/${session}`;
  }

  find(type: string, id: string): AwsObject | undefined {
    return this.objects.get(keyOf(type, id));
  }

  ofType(type: string): AwsObject[] {
    return [...(this.#byType.get(type)?.values() ?? [])];
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${service === "iam" ? "" : this.region}:${this.account}:${resource}`;
  }

  /** The target of one reference; undefined when there is none. */
  target({ to, by }: Reference, value: string): AwsObject | undefined {
    if (by === "id") return this.find(to, value);
    return this.ofType(to).find(({ outputs }) => texts(outputs, "arn").includes(value));
  }

  /** What has to go before an object can be deleted. */
  holders(object: AwsObject): AwsObject[] {
    const key = keyOf(object.type, object.id);
    const going = new Set(this.#referrers(object, "goes"));
    const held = this.#rows.get(object.type)?.alsoHeldBy?.(object, this) ?? [];
    return [...this.#referrers(object, "prevents"), ...held].filter(
      (from) => from.ownedBy !== key && !going.has(from),
    );
  }

  add(object: AwsObject): void {
    const { type, id } = object;
    this.objects.set(keyOf(type, id), object);
    this.#byType.set(type, (this.#byType.get(type) ?? new Map<string, AwsObject>()).set(id, object));
  }

  addManaged({ owner, type, id, urn, inputs }: Parameters<Cloud["addManaged"]>[0]): AwsObject {
    const object: AwsObject = {
      type,
      id,
      urn,
      inputs,
      outputs: {},
      versions: [inputs],
      seed: id,
      serial: 0,
      ...(owner === undefined ? {} : { ownedBy: keyOf(owner.type, owner.id) }),
    };
    object.outputs = this.outputsOf(object);
    this.add(object);
    return object;
  }

  /** Removes an object, what it owns, and what cannot be without it. */
  remove(object: AwsObject): void {
    const key = keyOf(object.type, object.id);
    if (!this.objects.has(key)) return;
    const owned = [...this.objects.values()].filter(({ ownedBy }) => ownedBy === key);
    // What AWS made for it stays behind while something else still needs it.
    const unneeded = owned.filter((own) => this.holders(own).every(({ ownedBy }) => ownedBy === key));
    const going = [...unneeded, ...this.#referrers(object, "goes")];
    this.objects.delete(key);
    this.#byType.get(object.type)?.delete(object.id);
    for (const next of going) this.remove(next);
    this.#rows.get(object.type)?.ends?.(object, this);
  }

  /** All outputs of an object, computed from its inputs as they are now. */
  outputsOf(object: AwsObject): Values {
    const { defaults, outputs = {} } = this.#rows.get(object.type) ?? {};
    const made = { object, inputs: object.inputs, id: object.id, cloud: this };
    const computed = Object.entries(outputs).map(([name, compute]) => [name, compute(made)] as const);
    return { ...defaults, ...object.inputs, ...Object.fromEntries(computed) };
  }

  #referrers(object: AwsObject, onDelete: Reference["onDelete"]): AwsObject[] {
    const refers = (from: AwsObject) =>
      (this.#rows.get(from.type)?.references ?? []).some(
        (reference) =>
          reference.to === object.type &&
          reference.onDelete === onDelete &&
          texts(from.inputs, reference.property).some((value) => this.target(reference, value) === object),
      );
    return [...this.objects.values()].filter((from) => from !== object && refers(from));
  }
}
