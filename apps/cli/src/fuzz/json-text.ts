/**
 * A piece of JSON text that stands for itself: what no JavaScript value can say, such as `NaN`, `1e400` or a key twice.
 */
export class RawJson {
  constructor(readonly text: string) {}
}

/** JSON text of a value in which `RawJson` may stand anywhere. Keys are written as they are, `__proto__` included. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
      .join(',')}}`;
  }
  return Object.is(value, -0) ? '-0' : (JSON.stringify(value) ?? 'null');
}
