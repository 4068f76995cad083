/** A piece of raw JSON text for what no JavaScript value can express, such as `NaN`, `1e400` or a duplicate key. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** JSON text of a value that may contain `RawJson` anywhere. Keys are written as they are, including `__proto__`. */
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
