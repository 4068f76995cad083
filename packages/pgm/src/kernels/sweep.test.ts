import { Rng, sparseRowsOf, type TabularMdp } from '@maxent/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { bellmanOperator } from '../control/bellman-operator.js';
import type { ControlInference, ControlOptions } from '../control/control-options.js';
import { inferControl } from '../control/infer-control.js';
import { solveTabular } from '../control/solve-tabular.js';
import { addonBuilds, codeOf, requireBuild } from './test-support/kernel-builds.js';
import { loadKernelsForAll, plainly, type Uses } from './test-support/kernels-for-all.js';
import { type PatternedOptions, patternedMdp } from './test-support/patterned-mdp.js';

/** Rows with 1 to 9 successors, one of them stored with probability 0; some actions forbidden, some states terminal. */
function randomMdp(rng: Rng, stateCount: number, actionCount: number, forbidding: boolean): TabularMdp {
  const rows = stateCount * actionCount;
  const dense = new Float64Array(rows * stateCount);
  for (let row = 0; row < rows; row++) {
    const line = dense.subarray(row * stateCount, (row + 1) * stateCount);
    const count = 1 + rng.integer(9);
    for (let i = 0; i < count; i++) line[rng.integer(stateCount)] = 0.05 + rng.uniform();
    const sum = line.reduce((a, b) => a + b);
    for (let i = 0; i < stateCount; i++) line[i]! /= sum;
  }
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(dense, rows, stateCount),
    reward: Float64Array.from({ length: rows }, () =>
      forbidding && rng.uniform() < 0.1 ? -Infinity : rng.normal(0, 2),
    ),
    initial: new Float64Array(stateCount).fill(1 / stateCount),
    terminal: Uint8Array.from({ length: stateCount }, () => Number(rng.uniform() < 0.1)),
  };
}

function randomPrior(rng: Rng, { stateCount, actionCount }: TabularMdp): Float64Array {
  const prior = Float64Array.from({ length: stateCount * actionCount }, () => rng.integer(3));
  for (let state = 0; state < stateCount; state++) {
    const row = prior.subarray(state * actionCount, (state + 1) * actionCount);
    row[rng.integer(actionCount)]! += 1;
    const sum = row.reduce((a, b) => a + b);
    for (let action = 0; action < actionCount; action++) row[action]! /= sum;
  }
  return prior;
}

/** Values after each of `count` sweeps, from values of any size, some of them -Infinity. */
function sweeps(
  mdp: TabularMdp,
  options: ControlOptions,
  start: Float64Array,
  count: number,
): Float64Array[] {
  const sweep = bellmanOperator(mdp, options);
  const values = [start];
  for (let i = 0; i < count; i++) {
    const out = new Float64Array(mdp.stateCount).fill(Number.NaN);
    sweep(values[i]!, out);
    values.push(out);
  }
  return values;
}

const sizes = [
  [1, 1],
  [2, 3],
  [7, 1],
  [64, 4],
  [301, 5],
  [90, 8],
  [75, 13],
  [3, 1300],
] as const;

const patterned: [string, PatternedOptions][] = [
  [
    'long runs',
    { stateCount: 700, actionCount: 4, kinds: 3, mostSuccessors: 4, longestRun: 90, irregular: 0 },
  ],
  [
    'short runs',
    { stateCount: 501, actionCount: 3, kinds: 9, mostSuccessors: 9, longestRun: 4, irregular: 0 },
  ],
  [
    'some irregular',
    { stateCount: 900, actionCount: 5, kinds: 4, mostSuccessors: 3, longestRun: 40, irregular: 0.02 },
  ],
  [
    'half irregular',
    { stateCount: 400, actionCount: 2, kinds: 2, mostSuccessors: 5, longestRun: 30, irregular: 0.5 },
  ],
  [
    'long rows',
    { stateCount: 600, actionCount: 1, kinds: 2, mostSuccessors: 40, longestRun: 99, irregular: 0.01 },
  ],
  [
    'many actions',
    { stateCount: 203, actionCount: 90, kinds: 2, mostSuccessors: 3, longestRun: 20, irregular: 0 },
  ],
];

const processes: [string, (rng: Rng) => TabularMdp][] = [
  ...sizes.map(([states, actions]): [string, (rng: Rng) => TabularMdp] => [
    `${states} states and ${actions} actions`,
    (rng) => randomMdp(rng, states, actions, true),
  ]),
  ...patterned.map(([name, given]): [string, (rng: Rng) => TabularMdp] => [
    `a process with ${name}`,
    (rng) => patternedMdp(rng, given),
  ]),
];

describe.each(['simd128', ...addonBuilds] as const)('%s', (build) => {
  let uses: Uses;

  beforeEach((context) => {
    if (build !== 'simd128') requireBuild(build, context);
    uses = loadKernelsForAll(codeOf(build));
  });

  it.each(
    sizes.flatMap((size) => (['variational', 'hard'] as const).map((name) => [...size, name] as const)),
  )(
    'of %i states and %i actions, %s, equals plain JavaScript to the last bit',
    (stateCount, actionCount, inference) => {
      const rng = Rng.fromSeed(stateCount * actionCount);
      const before = uses.sweep;
      for (const [temperature, discount] of [
        [1, 0.9],
        [0.01, 1],
        [300, 0.5],
      ] as const) {
        const mdp = randomMdp(rng, stateCount, actionCount, true);
        const start = Float64Array.from({ length: stateCount }, () =>
          rng.uniform() < 0.1 ? -Infinity : rng.normal(0, 10),
        );
        for (const actionPrior of ['none', 'uniform', randomPrior(rng, mdp)] as const) {
          const options = { inference, temperature, discount, actionPrior };
          const expected = plainly(() => sweeps(mdp, options, start, 4));
          expect(sweeps(mdp, options, start, 4)).toEqual(expected);
        }
      }
      expect(uses.sweep).toBe(before + 9);
    },
  );

  it.each(
    patterned.flatMap(([name, given]) =>
      (['variational', 'hard'] as const).map((which) => [name, which, given] as const),
    ),
  )('of a process with %s, %s, equals plain JavaScript to the last bit', (_, inference, given) => {
    const rng = Rng.fromSeed(given.stateCount);
    const before = uses.sweep;
    for (const [temperature, discount, forbidden] of [
      [1, 0.9, 0],
      [0.01, 1, 0.1],
      [300, 0.5, 0.5],
    ] as const) {
      const mdp = patternedMdp(rng, given);
      const start = Float64Array.from({ length: given.stateCount }, () =>
        rng.uniform() < forbidden ? -Infinity : rng.normal(0, 10),
      );
      for (const actionPrior of ['none', 'uniform', randomPrior(rng, mdp)] as const) {
        const options = { inference, temperature, discount, actionPrior };
        expect(sweeps(mdp, options, start, 4)).toEqual(plainly(() => sweeps(mdp, options, start, 4)));
      }
    }
    expect(uses.sweep).toBe(before + 9);
  });

  it.each(processes)('of %s, exact, agrees to rounding', (name, make) => {
    const rng = Rng.fromSeed(name.length);
    const before = uses.sweep;
    for (const [temperature, discount, spread] of [
      [1, 1, 3],
      [0.01, 1, 3],
      // Most sums underflow relative to the largest value.
      [0.001, 1, 100],
      [2, 0.7, 30],
    ] as const) {
      const mdp = make(rng);
      const start = Float64Array.from({ length: mdp.stateCount }, () =>
        rng.uniform() < 0.1 ? -Infinity : rng.normal(0, spread),
      );
      const options: ControlOptions = {
        inference: 'exact',
        temperature,
        discount,
        ...(discount < 1 && { discountAs: 'termination' as const }),
      };
      const expected = plainly(() => sweeps(mdp, options, start, 4));
      sweeps(mdp, options, start, 4).forEach((values, sweep) => {
        const size = expected[sweep]!.reduce(
          (most, v) => (v === -Infinity ? most : Math.max(most, Math.abs(v))),
          0,
        );
        values.forEach((value, state) => {
          const other = expected[sweep]![state]!;
          if (value === other) return;
          expect(Math.abs(value - other), `sweep ${sweep}, state ${state}`).toBeLessThan(
            2e-15 * (size + temperature),
          );
        });
      });
    }
    expect(uses.sweep).toBe(before + 4);
  });

  it.each([1e301, Infinity])('leaves values of %d to plain JavaScript', (value) => {
    const mdp = randomMdp(Rng.fromSeed(5), 30, 3, false);
    const start = new Float64Array(30).fill(value, 3, 7);
    const options = { inference: 'variational', discount: 0.9 } as const;
    expect(sweeps(mdp, options, start, 2)).toEqual(plainly(() => sweeps(mdp, options, start, 2)));
  });

  it('of rewards too large for a kernel is left to plain JavaScript, whichever state has them', () => {
    for (const row of [0, 50, 3 * 29 + 2]) {
      const mdp = randomMdp(Rng.fromSeed(5), 30, 3, false);
      mdp.reward[row] = 1e301;
      const options = { inference: 'variational', discount: 0.9 } as const;
      const start = new Float64Array(30);
      expect(sweeps(mdp, options, start, 2)).toEqual(plainly(() => sweeps(mdp, options, start, 2)));
    }
  });

  it('keeps NaN where a value is NaN, whatever its bits', () => {
    const mdp = randomMdp(Rng.fromSeed(3), 40, 3, false);
    const start = new Float64Array(40);
    new BigUint64Array(start.buffer).fill(0x7ff8_ffff_ffff_ffffn, 5, 9);
    const options = { inference: 'variational', discount: 0.9 } as const;
    expect(sweeps(mdp, options, start, 2)).toEqual(plainly(() => sweeps(mdp, options, start, 2)));
    const exact = { inference: 'exact' } as const;
    const where = (all: Float64Array[]) => all.map((values) => [...values].map(Number.isNaN));
    expect(where(sweeps(mdp, exact, start, 2))).toEqual(where(plainly(() => sweeps(mdp, exact, start, 2))));
  });

  it.each<ControlInference>(['variational', 'hard'])(
    'solves to the last bit what plain JavaScript solves: %s',
    (inference) => {
      const rng = Rng.fromSeed(8);
      for (const discount of [0.5, 0.99, 1 - 1e-9]) {
        const mdp = randomMdp(rng, 50, 3, false);
        const options = { inference, discount } as const;
        expect(solveTabular(mdp, options)).toEqual(plainly(() => solveTabular(mdp, options)));
      }
      const mdp = randomMdp(rng, 30, 3, false);
      // The evidence is that of exact sweeps, which agree to rounding.
      const solve = () => ({ ...inferControl(mdp, { inference, discount: 1, horizon: 20 }), evidence: null });
      expect(solve()).toEqual(plainly(solve));
    },
  );

  if (build !== 'simd128')
    it.each(processes)("of %s, exact, equals WebAssembly's to the last bit", (name, make) => {
      const rng = Rng.fromSeed(name.length);
      // With values this far apart, some sums underflow.
      for (const [temperature, spread] of [
        [1, 3],
        [0.001, 100],
      ] as const) {
        const mdp = make(rng);
        const start = Float64Array.from({ length: mdp.stateCount }, () => rng.normal(0, spread));
        const options = {
          inference: 'exact',
          temperature,
          discount: 0.9,
          discountAs: 'termination',
        } as const;
        loadKernelsForAll(codeOf('simd128'));
        const expected = sweeps(mdp, options, start, 4);
        loadKernelsForAll(codeOf(build));
        expect(sweeps(mdp, options, start, 4)).toEqual(expected);
      }
    });
});
