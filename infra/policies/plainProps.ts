import { UnknownValueError } from "@pulumi/policy";
import { unknown } from "./values.ts";

/**
 * Inputs as plain values. The policy SDK throws where a preview cannot know a value, and would leave the whole resource
 * unchecked; here only the value is unknown.
 */
export function plainProps(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(props).map((key) => [key, plainAt(props, key)]));
}

function plainAt(parent: object, key: string | number): unknown {
  try {
    return plain((parent as Record<string | number, unknown>)[key]);
  } catch (error) {
    if (error instanceof UnknownValueError) return unknown;
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => plainAt(value, index));
  return plainProps(value as Record<string, unknown>);
}
