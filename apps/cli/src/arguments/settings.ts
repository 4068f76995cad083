import { fieldPath, InvalidInputError, showValue, unknownKey } from '@maxent/core';
import type * as z from 'zod';
import { type Field, fieldsOf } from './fields.js';
import { readValue } from './read-value.js';

type Settings = Record<string, unknown>;

/**
 * Reads `key=value` texts by a schema: `batchSize=128`, `hiddenSizes=[64,64]`, `exploration.rate=0.1`. Keys may begin
 * with `path.`. Throws InvalidInputError for a text without `=`, an unknown key (with the nearest known ones), a key
 * given twice, and a value that is missing or has the wrong type, with what to write instead; `parseUnknown` checks
 * whether the values are allowed.
 */
export function readSettings(
  texts: readonly string[],
  schema: z.ZodObject,
  path: string,
  option: string,
): Settings {
  const fields = fieldsOf(schema);
  const settings: Settings = {};
  const seen = new Set<string>();
  for (const text of texts) {
    const split = text.indexOf('=');
    if (split <= 0) {
      throw new InvalidInputError(
        option,
        `expected key=value, such as ${exampleOf(fields)}, got ${showValue(text)}`,
      );
    }
    const given = text.slice(0, split);
    const key = given.startsWith(`${path}.`) ? given.slice(path.length + 1) : given;
    if (seen.has(key)) {
      throw new InvalidInputError(
        fieldPath([path, ...key.split('.')]),
        `given twice with ${option}; give it once`,
      );
    }
    seen.add(key);
    assign(settings, key.split('.'), { text: text.slice(split + 1), typed: `${option} ${given}` }, fields, [
      path,
    ]);
  }
  return settings;
}

interface Given {
  readonly text: string;
  /** Option and key as they were typed: `--set hiddenSizes`. */
  readonly typed: string;
}

function assign(
  target: Settings,
  [key, ...rest]: readonly string[],
  given: Given,
  fields: readonly Field[],
  above: readonly string[],
): void {
  const path = [...above, key!];
  const field = fields.find(({ name }) => name === key);
  if (field === undefined) {
    const known = fields.map(({ name }) => name);
    const missing = given.text === '' ? `${given.typed}= has no value, and this is an ` : '';
    throw new InvalidInputError(fieldPath(path), `${missing}${unknownKey(key!, known)}`);
  }
  if (rest.length === 0) {
    target[key!] = readGiven(given, field, path);
    return;
  }
  if (field.fields === undefined) {
    throw new InvalidInputError(
      fieldPath([...path, ...rest]),
      `unknown key; ${key} (${field.typeLabel}) has no parts`,
    );
  }
  const inner = (target[key!] ?? {}) as Settings;
  target[key!] = inner;
  assign(inner, rest, given, field.fields, path);
}

/** The value of a text. A text that fits none of the field's types is refused with what to write instead. */
function readGiven({ text, typed }: Given, field: Field, path: readonly string[]): unknown {
  const value = readValue(text, field, typed);
  if (typeof value !== 'string' || field.types.has('string') || field.types.size === 0) return value;
  if (text === '') {
    throw new InvalidInputError(
      fieldPath(path),
      `${typed}= has no value; write one after the = (${field.typeLabel})${suggestion(typed, field)}`,
    );
  }
  const list = field.types.has('array') && /^[^[\]{}"]+$/.test(text);
  throw new InvalidInputError(
    fieldPath(path),
    `expected ${field.typeLabel}, got ${showValue(text)}${list ? `; write ${typed}=${asList(text)}` : suggestion(typed, field)}`,
  );
}

/** Turns `32` and `32,16` into `[32,32]` and `[32,16]`: a list of one is rarely what is meant. */
function asList(text: string): string {
  const items = text.split(/[\s,;x]+/).filter(Boolean);
  return `[${(items.length === 1 ? [items[0], items[0]] : items).join(',')}]`;
}

function suggestion(typed: string, { defaultValue }: Field): string {
  return defaultValue === undefined || defaultValue === null
    ? ''
    : `, such as ${typed}=${typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue)}`;
}

function exampleOf(fields: readonly Field[]): string {
  const field = fields.find(({ defaultValue }) => defaultValue !== undefined);
  return field === undefined ? 'discount=0.99' : `${field.name}=${JSON.stringify(field.defaultValue)}`;
}
