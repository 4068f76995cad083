import { expect, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import { fieldPath } from './field-path.js';
import { schemaProblem } from './schema-problem.js';

const row = z.discriminatedUnion('type', [
  z.object({ type: z.literal('a'), values: z.array(z.number()) }),
  z.object({ type: z.literal('b') }),
]);

test.each<[z.core.$ZodType, unknown, string]>([
  [z.number(), undefined, ': is required'],
  [z.object({ x: z.number() }), {}, 'x: is required'],
  [z.object({ x: z.number() }), { x: null }, 'x: expected number, got null'],
  [
    z.object({ x: z.number() }),
    { x: Infinity },
    'x: expected finite number, got Infinity (numbers beyond 1.8e308 overflow)',
  ],
  [
    z.json(),
    -Infinity,
    ': expected string or finite number or boolean or null or array or object, got -Infinity (numbers beyond 1.8e308 overflow)',
  ],
  [z.object({ x: z.int() }), { x: 1.5 }, 'x: expected integer, got 1.5'],
  [z.object({ x: z.int() }), { x: 1e300 }, 'x: expected integer to be <=9007199254740991, got 1e+300'],
  [z.object({ x: z.number().min(2) }), { x: 1 }, 'x: expected number to be >=2, got 1'],
  [z.string().max(3), 'four', ': expected string to have <=3 characters, got "four"'],
  [z.string().regex(/^a$/), 'b', ': must match pattern /^a$/, got "b"'],
  [z.email(), 'b', ': expected a valid email address, got "b"'],
  [z.number().multipleOf(3), 4, ': must be a multiple of 3, got 4'],
  [z.literal('maxent-run'), 'other', ': expected "maxent-run", got "other"'],
  [z.enum(['a', 'b']), 'c', ': expected one of "a"|"b", got "c"'],
  [z.union([z.number(), z.literal('auto')]), [], ': expected number or "auto", got []'],
  [z.union([z.number(), z.array(z.number())]), [1, 'x'], '[1]: expected number, got "x"'],
  [z.union([z.number(), z.string()], { error: 'expected a price' }), null, ': expected a price, got null'],
  [
    z.record(z.string(), z.json()),
    { x: () => 1 },
    'x: expected string or number or boolean or null or array or object, got a function',
  ],
  [
    z.record(z.string().regex(/^\w+$/, 'expected a word'), z.number()),
    { 'a b': 1 },
    '["a b"]: expected a word as the key, got "a b"',
  ],
  [z.record(z.string(), z.number()), [], ': expected object, got []'],
  [z.tuple([z.int()]), {}, ': expected array, got {}'],
  [row, { type: 'c' }, "type: expected 'a' | 'b', got \"c\""],
  [row, {}, 'type: is required'],
  [row, { type: 'a', values: [Number.NaN] }, 'values[0]: expected finite number, got NaN'],
  [z.number().refine(() => false), 3, ': expected a different value, got 3'],
  [z.number().refine(() => false, 'expected a prime'), 4, ': expected a prime, got 4'],
  [z.strictObject({ step: z.int() }), { stp: 1 }, 'stp: unknown key'],
  [mini.object({ x: mini.number() }), { x: 'y' }, 'x: expected number, got "y"'],
  [mini.union([mini.number(), mini.null()]), 'y', ': expected number or null, got "y"'],
])('%# names the field, what was expected and the value', (schema, input, sentence) => {
  const { path, problem } = schemaProblem(z.safeParse(schema, input).error!.issues, input);
  expect(`${fieldPath(path)}: ${problem}`).toBe(sentence);
});

test('says of a value that is missing what the caller says', () => {
  const { issues } = z.safeParse(z.object({ x: z.number() }), {}).error!;
  expect(schemaProblem(issues, {}, 'is missing')).toEqual({ path: ['x'], problem: 'is missing' });
});
