import { isRecord, type JsonValue } from '@maxent/core';

/** Nested values under dotted names after a prefix; arrays stay as they are. */
export function flattened(
  values: Readonly<Record<string, JsonValue | undefined>>,
  prefix = '',
): [name: string, value: JsonValue][] {
  return Object.entries(values).flatMap(([key, value]): [string, JsonValue][] => {
    if (value === undefined) return [];
    return isRecord(value)
      ? flattened(value as Record<string, JsonValue>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value]];
  });
}
