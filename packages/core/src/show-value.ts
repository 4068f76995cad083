/** How many entries of an array, or keys of a record, a message shows. */
const SHOWN = 6;
const LONGEST_TEXT = 60;
const DEEPEST = 3;

/**
 * A value for a message, in one short line whatever it is: `Float32Array(17) [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, ...]`,
 * `{ position: [1, 2], goal: "left" }`, `"0.5"`, `undefined`. Never throws.
 */
export function showValue(value: unknown, depth = 0): string {
  try {
    return describe(value, depth);
  } catch {
    // A Proxy may throw on every access.
    return 'a value that cannot be read';
  }
}

function describe(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (ArrayBuffer.isView(value)) return showView(value);
  if (Array.isArray(value)) {
    return depth < DEEPEST ? showEntries(value.length, (i) => showValue(value[i], depth + 1)) : '[...]';
  }
  return showObject(value, depth);
}

function showView(view: ArrayBufferView): string {
  const { length } = view as unknown as ArrayLike<number>;
  const name = Object.prototype.toString.call(view).slice('[object '.length, -1);
  if (typeof length !== 'number') return `a ${name}`;
  const entries = view as unknown as ArrayLike<number | bigint>;
  return `${name}(${length}) ${showEntries(length, (i) => showValue(entries[i]))}`;
}

/** A value that a snapshot should hold, or `nothing` if it is missing. */
export function showStored(value: unknown): string {
  return value === undefined ? 'nothing' : showValue(value);
}

function showEntries(length: number, entry: (i: number) => string): string {
  const entries = Array.from({ length: Math.min(length, SHOWN) }, (_, i) => entry(i));
  return `[${[...entries, ...(length > SHOWN ? ['...'] : [])].join(', ')}]`;
}

function showObject(value: object, depth: number): string {
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (name !== 'Object') return `a ${shorten(name)}`;
  if (depth >= DEEPEST) return '{...}';
  const keys = Object.keys(value);
  const parts = keys.slice(0, SHOWN).map((key) => {
    // Reading a property may run code, and that may throw.
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    const shown = descriptor?.get === undefined ? showValue(descriptor?.value, depth + 1) : '(computed)';
    return `${/^[\w$-]+$/.test(key) ? shorten(key) : JSON.stringify(shorten(key))}: ${shown}`;
  });
  if (keys.length > SHOWN) parts.push('...');
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}
