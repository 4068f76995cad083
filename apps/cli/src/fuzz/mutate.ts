import type { Rng } from '@maxent/core';
import { jsonText, RawJson } from './json-text.js';

/** Numbers at the ends of what a double, an integer or a machine can hold, as JSON writes them. */
const NUMBERS = [
  '0',
  '-0',
  '-1',
  '0.5',
  '1',
  '2',
  '1000',
  '70000000',
  '2147483648',
  '4294967296',
  '1e9',
  '1e12',
  '1e15',
  '9007199254740993',
  '1e200',
  '-1e200',
  '1e308',
  '-1e308',
  '1.7976931348623157e308',
  '1e400',
  '-1e400',
  '5e-324',
  '1e-320',
  '1e-310',
  '1e-200',
  '1e-17',
  '0.99999999999999999',
  '0.9999999999999999',
  '1.0000000000000002',
  '"Infinity"',
  '"-Infinity"',
  'NaN',
  'Infinity',
];

const OTHERS = ['null', 'true', 'false', '""', '"x"', '"\\u0000"', '[]', '{}', '[[]]', '[null]', '{"":0}'];
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', ' ', '0', 'kind'];

type Container = unknown[] | Record<string, unknown>;

/** A place in a document: `parent[key]`. */
interface Place {
  readonly parent: Container;
  readonly key: string | number;
}

/** A copy of the document with one to three fields changed, and what was done to them. */
export function mutate(document: unknown, rng: Rng): { document: unknown; changes: string[] } {
  const root: unknown[] = [copy(document)];
  const changes: string[] = [];
  for (let i = rng.integer(6) === 0 ? 3 : rng.integer(4) === 0 ? 2 : 1; i > 0; i--) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const place = places[rng.integer(places.length)]!;
    const kinds = rng.integer(2) === 0 ? NUMERIC : MUTATIONS;
    const mutation = kinds[rng.integer(kinds.length)]!;
    changes.push(`${mutation.name} ${String(place.key)}`);
    mutation(place, rng);
  }
  return { document: root[0], changes };
}

/** Every place of a document, its root included. */
function placesIn(root: unknown[]): Place[] {
  const places: Place[] = [];
  const visit = (parent: Container): void => {
    for (const key of Array.isArray(parent) ? parent.keys() : Object.keys(parent)) {
      places.push({ parent, key });
      const value = at({ parent, key });
      if (isContainer(value)) visit(value);
    }
  };
  visit(root);
  return places;
}

const MUTATIONS: readonly ((place: Place, rng: Rng) => void)[] = [
  function bound(place, rng) {
    put(place, new RawJson(pick(NUMBERS, rng)));
  },
  function numberBelow(place, rng) {
    const numbers = placesIn([at(place)]).filter((inner) => typeof at(inner) === 'number');
    if (numbers.length > 0) put(numbers[rng.integer(numbers.length)]!, new RawJson(pick(NUMBERS, rng)));
  },
  function allNumbers(place, rng) {
    const text = pick(NUMBERS, rng);
    for (const inner of placesIn([at(place)])) {
      if (typeof at(inner) === 'number') put(inner, new RawJson(text));
    }
    if (typeof at(place) === 'number') put(place, new RawJson(text));
  },
  function scale(place, rng) {
    const factor = 10 ** (rng.integer(600) - 300);
    for (const inner of placesIn([at(place)])) {
      const value = at(inner);
      if (typeof value === 'number') put(inner, value * factor);
    }
  },
  function type(place, rng) {
    put(place, new RawJson(pick(OTHERS, rng)));
  },
  function wrap(place) {
    put(place, [at(place)]);
  },
  function unwrap(place) {
    const value = at(place);
    if (Array.isArray(value) && value.length > 0) put(place, value[0]);
  },
  function nest(place, rng) {
    const depth = [50, 1000, 10_000, 200_000][rng.integer(4)]!;
    const [open, close] = rng.integer(2) === 0 ? ['[', ']'] : ['{"a":', '}'];
    put(place, new RawJson(`${open.repeat(depth)}${jsonText(at(place))}${close.repeat(depth)}`));
  },
  function drop({ parent, key }) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  function lengthen(place, rng) {
    const value = at(place);
    if (!Array.isArray(value) || value.length === 0) return;
    const times = [1, 2, 100][rng.integer(3)]!;
    for (let i = 0; i < times; i++) value.push(copy(value[0]));
  },
  function repeat(place, rng) {
    const value = at(place);
    if (!Array.isArray(value) || value.length === 0) return;
    const text = jsonText(value[0]);
    const count = text.length > 20 ? 20 : [1000, 50_000][rng.integer(2)]!;
    put(place, new RawJson(`[${Array(count).fill(text).join(',')}]`));
  },
  function empty(place) {
    const value = at(place);
    if (isContainer(value)) put(place, Array.isArray(value) ? [] : {});
  },
  function addKey(place, rng) {
    const value = at(place);
    if (!isContainer(value) || Array.isArray(value)) return;
    const text = jsonText(value).slice(1, -1);
    const added = `${JSON.stringify(pick(NAMES, rng))}:${pick([...NUMBERS, ...OTHERS, '{"x":1}'], rng)}`;
    put(place, new RawJson(`{${[text, added].filter(Boolean).join(',')}}`));
  },
  function renameKey({ parent, key }, rng) {
    if (Array.isArray(parent)) return;
    const value = parent[key];
    delete parent[key];
    Object.defineProperty(parent, pick(NAMES, rng), {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  },
  function duplicateKey(place, rng) {
    const value = at(place);
    if (!isContainer(value) || Array.isArray(value)) return;
    const keys = Object.keys(value);
    if (keys.length === 0) return;
    const key = pick(keys, rng);
    const again = rng.integer(2) === 0 ? jsonText(value[key]) : pick(NUMBERS, rng);
    put(place, new RawJson(`{${jsonText(value).slice(1, -1)},${JSON.stringify(key)}:${again}}`));
  },
  function swap(place, rng) {
    const value = at(place);
    if (!isContainer(value)) return;
    const inner = placesIn([value]);
    const [a, b] = [inner[rng.integer(inner.length)]!, inner[rng.integer(inner.length)]!];
    const [first, second] = [copy(at(a)), copy(at(b))];
    put(a, second);
    put(b, first);
  },
];

/** The mutations of numbers, where most can go wrong. */
const NUMERIC = MUTATIONS.filter(({ name }) =>
  ['bound', 'numberBelow', 'allNumbers', 'scale'].includes(name),
);

function at({ parent, key }: Place): unknown {
  return (parent as Record<PropertyKey, unknown>)[key];
}

function put({ parent, key }: Place, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof RawJson);
}

/** Like `structuredClone`, which would drop the class of raw text and a key `__proto__`. */
function copy(value: unknown): unknown {
  if (!isContainer(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  const copied = {};
  for (const [key, item] of Object.entries(value)) put({ parent: copied, key }, copy(item));
  return copied;
}

function pick<T>(values: readonly T[], rng: Rng): T {
  return values[rng.integer(values.length)]!;
}
