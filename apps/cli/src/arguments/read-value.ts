import type { Field } from './fields.js';

/**
 * The value that a text stands for, by the types the field allows. A text that fits none of them is returned as it
 * is, for the schema to reject with its own message.
 */
export function readValue(text: string, field: Pick<Field, 'types'>): unknown {
  const { types } = field;
  if (types.has('number') && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  if (types.has('array') && text.startsWith('[')) return readJson(text);
  if (types.has('object') && text.startsWith('{')) return readJson(text);
  return text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
