import { Refusal, type Value, type Values } from "../protocol/provider.ts";
import { record, records, text, texts } from "./values.ts";

/** A policy document, given as JSON or as an object; undefined when it is not a policy. */
export function parsePolicy(policy: Value | undefined): Values | undefined {
  if (typeof policy === "string") {
    try {
      return parsePolicy(JSON.parse(policy));
    } catch {
      return undefined;
    }
  }
  const document = typeof policy === "object" && policy !== null && !Array.isArray(policy) ? policy : {};
  return "Version" in document && "Statement" in document ? document : undefined;
}

/** The statements of a policy: IAM takes a single one without its list. */
export function statementsOf(policy: Value | undefined): Values[] {
  const document = parsePolicy(policy);
  if (document === undefined) return [];
  const several = records(document, "Statement");
  return several.length > 0 ? several : [record(document, "Statement")];
}

/** Whether a service may assume a role with this trust policy; and whatever else it has to be allowed. */
export function trusts(
  policy: Value | undefined,
  service: string,
  actions: readonly string[] = ["sts:AssumeRole"],
): boolean {
  return statementsOf(policy).some(
    (statement) =>
      text(statement, "Effect") === "Allow" &&
      texts(statement, "Principal.Service").includes(service) &&
      actions.every((action) => texts(statement, "Action").includes(action)),
  );
}

function pattern(glob: string, ignoringCase: boolean): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, ignoringCase ? "i" : "");
}

function like(glob: string, value: string): boolean {
  return pattern(glob, false).test(value);
}

/** The condition operators that our policies may use. IAM treats ArnEquals and ArnLike alike. */
const operators: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

function valuesOf(value: Value | undefined): string[] {
  return (Array.isArray(value) ? value : [value ?? ""]).map(String);
}

/** A policy variable would have to be filled in first, which this does not do. */
function plain(values: string[]): string[] {
  const variable = values.find((value) => value.includes("${"));
  if (variable !== undefined)
    throw new Refusal(`the simulated IAM does not fill in policy variables: ${variable}`);
  return values;
}

export function conditionHolds(condition: Values, context: Readonly<Record<string, string>>): boolean {
  const lowerCase = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]),
  );
  return Object.entries(condition).every(([name, block]) => {
    const operator = operators[name];
    if (operator === undefined)
      throw new Refusal(`the simulated IAM does not know the condition operator ${name}`);
    const keys = typeof block === "object" && block !== null && !Array.isArray(block) ? block : {};
    return Object.entries(keys).every(([key, wanted]) => {
      const value = lowerCase[key.toLowerCase()];
      return value !== undefined && plain(valuesOf(wanted)).some((one) => operator(one, value));
    });
  });
}

export interface AccessRequest {
  /** Such as `ec2:DescribeInstances`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, such as `ec2:Subnet`. A key that is missing matches nothing. */
  readonly context: Readonly<Record<string, string>>;
}

/** What a statement says to a request; undefined when it does not speak of it. */
export function verdict(
  statement: Values,
  { action, resource, context }: AccessRequest,
): "Allow" | "Deny" | undefined {
  const unsupported = ["NotAction", "NotResource"].find((key) => key in statement);
  if (unsupported !== undefined) throw new Refusal(`the simulated IAM does not know ${unsupported}`);
  const applies =
    texts(statement, "Action").some((glob) => pattern(glob, true).test(action)) &&
    plain(texts(statement, "Resource")).some((glob) => like(glob, resource)) &&
    conditionHolds(record(statement, "Condition"), context);
  if (!applies) return undefined;
  return text(statement, "Effect") === "Deny" ? "Deny" : "Allow";
}
