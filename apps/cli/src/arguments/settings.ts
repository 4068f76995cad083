import { InvalidInputError, nearestNames } from '@maxent/core';
import type { z } from 'zod';
import { type Field, fieldsOf } from './fields.js';
import { readValue } from './read-value.js';

type Settings = Record<string, unknown>;

/**
 * Reads `key=value` texts by a schema: `batchSize=128`, `hiddenSizes=[64,64]`, `exploration.rate=0.1`. Keys may
 * carry the prefix `path.`. Throws InvalidInputError for a text without `=`, an unknown key (with the nearest known
 * ones) and a key that is given twice; whether values are allowed is left to `parseConfig`.
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
      throw new InvalidInputError(option, `expected key=value, such as ${exampleOf(fields)}, got "${text}"`);
    }
    const given = text.slice(0, split);
    const key = given.startsWith(`${path}.`) ? given.slice(path.length + 1) : given;
    if (seen.has(key))
      throw new InvalidInputError(`${path}.${key}`, `given twice with ${option}; give it once`);
    seen.add(key);
    assign(settings, key.split('.'), text.slice(split + 1), fields, path);
  }
  return settings;
}

function assign(
  target: Settings,
  keys: readonly string[],
  text: string,
  fields: readonly Field[],
  path: string,
): void {
  const [key, ...rest] = keys as [string, ...string[]];
  const field = fields.find(({ name }) => name === key);
  if (field === undefined) {
    const known = fields.map(({ name }) => name);
    const near = nearestNames(key, known);
    const hint =
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : known.length > 0
          ? `known keys: ${known.join(', ')}`
          : 'it has no settings';
    throw new InvalidInputError(`${path}.${key}`, `unknown key; ${hint}`);
  }
  if (rest.length === 0) {
    target[key] = readValue(text, field);
    return;
  }
  if (field.fields === undefined) {
    throw new InvalidInputError(
      `${path}.${keys.join('.')}`,
      `unknown key; ${key} (${field.typeLabel}) has no parts`,
    );
  }
  const inner = target[key] ?? {};
  if (typeof inner !== 'object') {
    throw new InvalidInputError(`${path}.${key}`, 'given as a whole and in parts; give one of the two');
  }
  target[key] = inner;
  assign(inner as Settings, rest, text, field.fields, `${path}.${key}`);
}

function exampleOf(fields: readonly Field[]): string {
  const field = fields.find(({ defaultValue }) => defaultValue !== undefined);
  return field === undefined ? 'discount=0.99' : `${field.name}=${JSON.stringify(field.defaultValue)}`;
}
