import { DamagedDataError, showValue } from '@maxent/core';

/** An object of a file's JSON, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws the DamagedDataError of a policy file; `path` names the field at fault. */
export function refuse(path: string, problem: string): never {
  throw new DamagedDataError(`policy file: ${path}: ${problem}`);
}

function refuseValue(path: string, expected: string, value: unknown): never {
  return refuse(path, `expected ${expected}, got ${value === undefined ? 'nothing' : showValue(value)}`);
}

/** An object with exactly these keys, those that end with `?` optional. */
export function fieldsOf(path: string, value: unknown, keys: string): Fields {
  const fields = anyFieldsOf(path, value);
  const known = keys.split(' ');
  for (const key of Object.keys(fields)) {
    if (!known.includes(key) && !known.includes(`${key}?`)) refuse(path, `unknown field ${showValue(key)}`);
  }
  for (const key of known) if (!key.endsWith('?') && !(key in fields)) refuse(path, `"${key}" is missing`);
  return fields;
}

export function anyFieldsOf(path: string, value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : refuseValue(path, 'an object', value);
}

/** A list of at most `longest` entries, at least one unless `longest` says that there may be none. */
export function listOf(path: string, value: unknown, longest = 1000): readonly unknown[] {
  return Array.isArray(value) && value.length <= longest
    ? value
    : refuseValue(path, `a list of at most ${longest} entries`, value);
}

export function countOf(path: string, value: unknown, least = 1): number {
  return Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : refuseValue(path, `an integer of at least ${least}`, value);
}

export function numberOf(path: string, value: unknown, above = -Infinity): number {
  return Number.isFinite(value) && (value as number) > above
    ? (value as number)
    : refuseValue(path, above === -Infinity ? 'a finite number' : `a finite number above ${above}`, value);
}

export function textOf(path: string, value: unknown): string {
  return typeof value === 'string' ? value : refuseValue(path, 'a text', value);
}

export function booleanOf(path: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuseValue(path, 'true or false', value);
}

export function oneOf<T extends string>(path: string, value: unknown, choices: readonly T[]): T {
  return choices.includes(value as T)
    ? (value as T)
    : refuseValue(path, `one of ${choices.join(', ')}`, value);
}
