import { copyArray, type NumericArray, typedArrayName } from '../arrays.js';

/**
 * A copy of a space's value, which does not change when the original does. Typed arrays, plain arrays and plain records
 * are copied, parts included; anything else is returned unchanged.
 */
export function copyValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (typedArrayName(value) !== undefined) return copyArray(value as unknown as NumericArray) as unknown as T;
  if (Array.isArray(value)) return value.map(copyValue) as unknown as T;
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyValue(part)])) as T;
}
