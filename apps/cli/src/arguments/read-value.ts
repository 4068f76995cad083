import { parseJson } from '../input/parse-json.js';
import type { Field } from './fields.js';

/**
 * The value that a text stands for, by the types that the field allows. A text that fits none of them is returned
 * unchanged, for the schema to reject with its own message. `option` is the option that it was given for, such as
 * `--set hiddenSizes`. Throws InvalidInputError for an array or object that is not JSON.
 */
export function readValue(text: string, field: Pick<Field, 'types'>, option: string): unknown {
  const { types } = field;
  if (types.has('number') && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  if (types.has('array') && text.startsWith('[')) return parseJson(text, option, option);
  if (types.has('object') && text.startsWith('{')) return parseJson(text, option, option);
  return text;
}
