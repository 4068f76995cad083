import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cliffWalking, frozenLake, gridWorld, taxi } from '@maxent/envs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { ControlOptions } from './control-options.js';
import { expectedReturn } from './policy-evaluation.js';
import { solveTabular } from './solve-tabular.js';
import { mdpOf } from './test-support/worlds.js';

describe('solveTabular on worlds of @maxent/envs', () => {
  const lake = frozenLake();
  const soft = (temperature: number, actionPrior: 'none' | 'uniform' = 'none'): ControlOptions => ({
    inference: 'variational',
    discount: 0.99,
    temperature,
    actionPrior,
  });
  it.each([
    ['FrozenLake, hard', lake, { inference: 'hard', discount: 0.99 }, 0.542026],
    ['FrozenLake, entropy at 0.001', lake, soft(0.001), 0.542271],
    ['FrozenLake, entropy at 0.01', lake, soft(0.01), 0.598924],
    ['FrozenLake, entropy at 0.1', lake, soft(0.1), 2.471032],
    ['FrozenLake, entropy at 1', lake, soft(1), 23.918127],
    ['FrozenLake, divergence at 0.001', lake, soft(0.001, 'uniform'), 0.494233],
    ['FrozenLake, divergence at 0.01', lake, soft(0.01, 'uniform'), 0.152841],
    ['FrozenLake, divergence at 0.1', lake, soft(0.1, 'uniform'), 0.019292],
    ['FrozenLake, divergence at 1', lake, soft(1, 'uniform'), 0.013029],
    ['FrozenLake, hard, without a discount', lake, { inference: 'hard' }, 14 / 17],
    ['CliffWalking, hard', cliffWalking(), { inference: 'hard', discount: 0.99 }, -12.247898],
    ['CliffWalking, entropy at 0.1', cliffWalking(), soft(0.1), -12.247848],
    ['CliffWalking, hard, without a discount', cliffWalking(), { inference: 'hard' }, -13],
  ] as const)('%s', (_, mdp, options, startValue) => {
    expect(Math.abs(solveTabular(mdp, options).startValue - startValue)).toBeLessThanOrEqual(5e-7);
  });

  it('at temperatures far above the rewards: the prior, and its return', () => {
    const chance = new Float64Array(lake.reward.length).fill(1 / lake.actionCount);
    const expected = expectedReturn(lake, chance, { horizon: null, discount: 0.99 });
    const exact: ControlOptions = {
      inference: 'exact',
      discount: 0.99,
      discountAs: 'termination',
      temperature: 1e6,
      actionPrior: 'uniform',
    };
    for (const options of [soft(1e6, 'uniform'), exact]) {
      const { startValue, policy } = solveTabular(lake, options);
      expect(Math.abs(startValue - expected)).toBeLessThan(1e-6);
      policy.forEach((probability) => {
        expect(Math.abs(probability - 0.25)).toBeLessThan(1e-6);
      });
    }
  });

  it.each([
    ['CliffWalking', cliffWalking(), 1],
    ['CliffWalking', cliffWalking(), 1e6],
    ['Taxi', taxi(), 1],
    ['Taxi', taxi(), 1e6],
  ])('%s: at discounts next to 1 entropy pays the same for every step', (_, mdp, temperature) => {
    // Values are the yield of a step over 1 - discount, but for what the start is worth, of order 100 temperatures.
    const yields = [1 - 1e-12, 1 - 2 ** -53].map((discount) => {
      const { startValue, residual, iterations } = solveTabular(mdp, {
        inference: 'variational',
        discount,
        temperature,
      });
      expect(residual).toBeLessThan(1e-10 * temperature);
      expect(iterations).toBeLessThan(10_000);
      return (startValue * (1 - discount)) / temperature;
    });
    expect(Math.abs(yields[1]! - yields[0]!)).toBeLessThan(1e-9);
  });

  it('says that values around a cycle without an end may never settle', () => {
    const cycle = mdpOf([[[0, 1]], [[1, 0]]], [[1], [-1]]);
    expect(() => solveTabular(cycle, { inference: 'hard', maxIterations: 100 })).toThrow(
      /^maxIterations: the values did not settle within 100 sweeps; .* where rewards cancel around a cycle/,
    );
    const { V } = solveTabular(cycle, { inference: 'hard', discount: 0.5 });
    expect([...V]).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(-2 / 3, 12)]);
  });

  it('says why moving on forever beats an end when entropy pays more than steps cost', () => {
    expect(() => solveTabular(cliffWalking(), { inference: 'variational' })).toThrow(/grow without limit/);
    // log 4 for every step, forever.
    const { startValue } = solveTabular(cliffWalking(), soft(1));
    expect(startValue).toBeGreaterThan(0);
    expect(startValue).toBeLessThan(Math.log(4) / 0.01);
  });

  it('Taxi: every start is delivered within 20 steps', () => {
    const world = taxi();
    const { V, startValue } = solveTabular(world, { inference: 'hard' });
    world.initial.forEach((probability, state) => {
      if (probability === 0) return;
      expect(V[state]).toBeGreaterThan(0);
      expect(V[state]).toBeLessThan(20);
    });
    const relaxed = solveTabular(world, {
      inference: 'variational',
      actionPrior: 'uniform',
      temperature: 0.01,
    });
    expect(relaxed.startValue).toBeLessThan(startValue);
    expect(relaxed.startValue).toBeGreaterThan(startValue - 1);
  });

  it('a gridworld, the same to both kinds of inference until it slips', () => {
    const both = (slip: number) =>
      (['exact', 'variational'] as const).map(
        (inference) => solveTabular(gridWorld({ slip }), { inference, actionPrior: 'uniform' }).startValue,
      );
    const [exact, variational] = both(0);
    expect(exact).toBeCloseTo(variational!, 12);
    const [hopeful, sober] = both(0.2);
    expect(hopeful).toBeGreaterThan(sober!);
  });
});

it('a page that solves a gridworld stays below 20 kB', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "import { solveTabular } from './index.js'; globalThis.solve = solveTabular;",
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    conditions: ['@maxent/source'],
  });
  const used = Object.entries(Object.values(metafile.outputs)[0]!.inputs).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  );
  expect(used.map(([path]) => path).filter((path) => /node_modules/.test(path))).toEqual([]);
  expect(gzipSync(outputFiles[0]!.contents).byteLength).toBeLessThan(20_000);
});
