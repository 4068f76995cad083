// What the addon refuses: nothing that it is told, in arguments or in the memory, can reach outside the memory.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { platform } from '#platform';
import { addonBuilds, requireBuild } from './test-support/kernel-builds.js';

const PAGE = 65536;
const SIZE = 2 * PAGE;
const ARGUMENTS = 21;

/** Where arrays lie, behind the tables: of 64 states with 2 actions that stay where they are. */
const places = {
  ...{ kinds: 20_000, offsets: 20_064, runs: 21_000, patterns: 21_064, columns: 32_000, probs: 36_000 },
  ...{ rewards: 24_000, out: 26_000, terms: 27_000, next: 30_000 },
};
const [STATES, ACTIONS, BLOCK, RUNS] = [64, 2, 64, 255];

type Kernel = (...values: unknown[]) => void;

function attach(build: (typeof addonBuilds)[number]): {
  sweep: Kernel;
  weigh: Kernel;
  memory: WebAssembly.Memory;
} {
  const memory = new WebAssembly.Memory({ initial: SIZE / PAGE });
  const kernels = platform.kernelAddon().addon!.attach(memory, build, 1);
  return { memory, ...(kernels as unknown as Record<'sweep' | 'weigh', Kernel>) };
}

/** Arguments of a `hard` sweep over one run, some of them changed. */
function valid(changes: Readonly<Record<number, unknown>> = {}): unknown[] {
  const { kinds, offsets, runs, patterns, columns, probs, rewards, out, terms } = places;
  const numbers = [kinds, offsets, runs, patterns, columns, probs, rewards, out, terms];
  const all = [0, 1, STATES, ACTIONS, ...numbers, BLOCK, 8 * BLOCK + 64, 0.5, 1, 0, 0, 0, () => 7];
  return all.map((value, index) => (index in changes ? changes[index] : value));
}

/** One block of one run, the two rows of which have one entry each. */
function fill({ buffer }: WebAssembly.Memory): {
  words: Uint32Array;
  kinds: Uint8Array;
  floats: Float64Array;
} {
  const words = new Uint32Array(buffer);
  const kinds = new Uint8Array(buffer);
  const floats = new Float64Array(buffer);
  kinds[places.kinds] = RUNS;
  words[places.runs / 4] = STATES;
  words.set([0, 1, 2], places.patterns / 4);
  words.set([places.next, places.next], places.columns / 4);
  floats.set([1, 1], places.probs / 8);
  for (let state = 0; state < STATES; state++) floats[places.next / 8 + state] = state;
  return { words, kinds, floats };
}

const strange = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 'x', {}, true, Number.NaN, -1, 0.5, -0, Infinity, 2 ** 53),
  fc.constantFrom<unknown>(0, 8, 1024, SIZE - 8, SIZE, SIZE + 8, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 8),
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 0, max: SIZE / 8 }).map((word) => 8 * word),
);

function messageOf(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(addonBuilds)('%s', (build) => {
  test('takes what fits exactly and refuses what does not', (context) => {
    requireBuild(build, context);
    const { sweep, memory } = attach(build);
    const { words, floats } = fill(memory);
    sweep(...valid());
    expect(floats.slice(places.out / 8, places.out / 8 + STATES)).toEqual(
      Float64Array.from({ length: STATES }, (_, state) => state / 2),
    );
    words.fill(SIZE - 8 * STATES, places.columns / 4, places.columns / 4 + 2);
    sweep(...valid());
    words[places.columns / 4 + 1]! += 8;
    expect(() => sweep(...valid())).toThrow('sweep: columns do not lie in the memory');
    expect(() => sweep(...valid().slice(1))).toThrow('sweep: expected 21 arguments, got 20');
    expect(() => sweep(...valid({ 14: 8 * BLOCK + 56 }))).toThrow('argument 15: expected 64 bytes more');
    expect(() => sweep(...valid({ 11: SIZE - 8 * STATES + 8 }))).toThrow(
      /^sweep: argument 12: 64 values of 8/,
    );
    expect(() => sweep(...valid({ 13: 60 }))).toThrow('sweep: argument 14: expected a multiple of 8, got 60');
    expect(() => sweep(...valid({ 20: 7 }))).toThrow('argument 21: expected a function');
    // What the sweep writes would change columns that it has checked.
    expect(() => sweep(...valid({ 8: places.out }))).toThrow('sweep: rows do not lie');
    expect(() => sweep(...valid({ 8: places.terms - 4 }))).toThrow('sweep: rows do not lie');
    // Soft maxima over many actions.
    expect(() => sweep(...valid({ 1: 0, 3: 9 }))).toThrow('argument 4: expected at most 8 actions');
  });

  test('asks for exact values where sums underflow, and passes on what the function throws', (context) => {
    requireBuild(build, context);
    const { sweep, memory } = attach(build);
    const { floats } = fill(memory);
    // All sums are `end`, which is 0.
    floats.fill(0, places.next / 8, places.next / 8 + STATES);
    sweep(...valid({ 0: 1, 20: (state: number) => 1000 + state }));
    expect(floats.slice(places.out / 8, places.out / 8 + STATES)).toEqual(
      Float64Array.from({ length: STATES }, (_, state) => 1000 + state),
    );
    const fault = new Error('no mean');
    const failing = () => {
      throw fault;
    };
    expect(() => sweep(...valid({ 0: 1, 20: failing }))).toThrow(fault);
  });

  test('refuses rows, columns and runs that lead outside', (context) => {
    requireBuild(build, context);
    const cases: [string, (arrays: ReturnType<typeof fill>) => void][] = [
      ['runs do not fit', ({ words }) => words.fill(0, places.runs / 4, places.runs / 4 + 1)],
      ['runs do not fit', ({ words }) => words.fill(65, places.runs / 4, places.runs / 4 + 1)],
      ['rows do not lie', ({ words }) => words.fill(2 ** 32 - 192, places.runs / 4, places.runs / 4 + 1)],
      ['rows do not lie', ({ words }) => words.fill(5, places.patterns / 4, places.patterns / 4 + 1)],
      [
        'rows do not lie',
        ({ words }) => words.fill(2 ** 31, places.patterns / 4 + 2, places.patterns / 4 + 3),
      ],
      [
        'columns do not lie',
        ({ words }) => words.fill(2 ** 32 - 8, places.columns / 4, places.columns / 4 + 1),
      ],
      [
        'columns do not lie',
        ({ words }) => words.fill(places.next + 4, places.columns / 4, places.columns / 4 + 1),
      ],
    ];
    for (const [problem, damage] of cases) {
      const { sweep, memory } = attach(build);
      const arrays = fill(memory);
      damage(arrays);
      expect(() => sweep(...valid())).toThrow(`sweep: ${problem}`);
    }
    for (const kind of [0, 1, 2, 3, 4]) {
      const { sweep, memory } = attach(build);
      const { words, kinds } = fill(memory);
      kinds[places.kinds] = kind;
      for (let row = 0; row <= STATES * ACTIONS; row++) words[places.offsets / 4 + row] = kind * row;
      // Every column is 0 or `next`.
      sweep(...valid());
      words[places.columns / 4] = SIZE - 4;
      if (kind > 0) expect(() => sweep(...valid())).toThrow('sweep: columns do not lie');
      words[places.columns / 4] = 0;
      words[places.offsets / 4] = 2 ** 32 - 1;
      expect(() => sweep(...valid())).toThrow('sweep: rows do not lie');
      words[places.offsets / 4] = 0;
      words[places.offsets / 4 + 7] = 2 ** 31;
      if (kind === 0) expect(() => sweep(...valid())).toThrow('sweep: rows do not lie');
    }
  });

  test('survives any arguments and any memory', (context) => {
    requireBuild(build, context);
    const { sweep, weigh, memory } = attach(build);
    const words = new Uint32Array(memory.buffer);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(ARGUMENTS - 1), strange), { maxLength: 4 }),
        fc.array(fc.tuple(fc.integer({ min: places.kinds / 4, max: SIZE / 4 - 1 }), fc.nat(2 ** 32 - 1)), {
          maxLength: 10,
        }),
        fc.constantFrom(0, 1, 3, 4, RUNS),
        (strangers, damages, kind) => {
          words.fill(0);
          const { kinds } = fill(memory);
          kinds[places.kinds] = kind;
          for (const [at, value] of damages) words[at] = value;
          const given: unknown[] = valid();
          for (const [index, value] of strangers) given[index] = value;
          const message = messageOf(() => sweep(...given));
          expect(message === '' || message.startsWith('sweep: ')).toBe(true);
          const other = messageOf(() => weigh(...given.slice(8, 12)));
          expect(other === '' || other.startsWith('weigh: ')).toBe(true);
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });
});
