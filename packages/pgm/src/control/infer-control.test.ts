import { describe, expect, it } from 'vitest';
import type { ControlOptions } from './control-options.js';
import { controlEvidence, type InferControlOptions, inferControl } from './infer-control.js';
import { solveTabular } from './solve-tabular.js';
import { discountedOccupancy } from './state-marginals.js';
import { forest, mdpOf } from './test-support/worlds.js';

describe('what is refused', () => {
  const valid = { inference: 'variational', horizon: 3 } as const;
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'inference',
      { inference: 'optimistic' },
      /^inference: expected "exact", "variational" or "hard", got "optimistic"$/,
    ],
    ['temperature', { temperature: 0 }, /^temperature: expected a number above 0, got 0; .* "hard"$/],
    ['temperature', { temperature: Infinity }, /^temperature: /],
    ['temperature', { temperature: Number.NaN }, /^temperature: /],
    ['discount', { discount: 0 }, /^discount: expected a number above 0 and at most 1, got 0$/],
    ['discount', { discount: 1.01 }, /^discount: /],
    ['discount', { inference: 'exact', discount: 0.9 }, /^discount: .*discountAs "termination"/],
    ['discountAs', { discountAs: 'weight' }, /^discountAs: expected "termination", got "weight"$/],
    ['actionPrior', { actionPrior: 'flat' }, /^actionPrior: expected "none", "uniform" or a Float64Array/],
    ['actionPrior', { actionPrior: 5n }, /^actionPrior: .* got 5n$/],
    [
      'actionPrior',
      { actionPrior: new Float32Array(100_000) },
      /^actionPrior: .* got Float32Array\(100000\) .{0,40}$/,
    ],
    ['actionPrior', { actionPrior: new Float64Array(4) }, /^actionPrior: expected 6 entries, got 4$/],
    [
      'actionPrior',
      { actionPrior: Float64Array.of(1, 0, 0.5, 0.4, 1, 0) },
      /^actionPrior\[1\]: expected probabilities that sum to 1, got a sum of 0\.9$/,
    ],
    [
      'actionPrior',
      { actionPrior: Float64Array.of(1, 0, 2, -1, 1, 0) },
      /^actionPrior\[1\]\[1\]: expected a prob/,
    ],
    ['horizon', { horizon: 0 }, /^horizon: expected a positive integer, got 0$/],
    ['horizon', { horizon: 1.5 }, /^horizon: /],
    ['horizon', { horizon: 1e9 }, /^horizon: .* more than the limit of 8 GiB/],
    ['tolerance', { horizon: null, discount: 0.9, tolerance: 0 }, /^tolerance: /],
    ['maxIterations', { horizon: null, discount: 0.9, maxIterations: 0 }, /^maxIterations: /],
    [
      'maxIterations',
      { horizon: null, discount: 0.9, maxIterations: 3 },
      /^maxIterations: .*within 3 sweeps/,
    ],
  ])('%s, case %#', (_, change, message) => {
    expect(() => inferControl(forest(), { ...valid, ...change } as InferControlOptions)).toThrow(message);
  });

  it('a row that does not sum to 1, by its path', () => {
    const mdp = forest();
    mdp.transition.values[0] = 0.2;
    expect(() => solveTabular(mdp, { inference: 'hard', discount: 0.9 })).toThrow(
      /^transition\[0\]\[0\]: .*sum/,
    );
    expect(() => inferControl(mdp, valid)).toThrow(/^transition\[0\]\[0\]: /);
    expect(() => controlEvidence(mdp, { horizon: 2 })).toThrow(/^transition\[0\]\[0\]: /);
  });
});

describe('impossible evidence', () => {
  // Whatever is done, state 1 follows, where all is forbidden.
  const doomed = mdpOf(
    [
      [
        [0, 1],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ],
    [
      [0, 0],
      [-Infinity, -Infinity],
    ],
    { initial: [1, 0] },
  );

  it.each(['exact', 'variational'] as const)('has no marginals and no divergence (%s)', (inference) => {
    const { V, Q, policy, stateMarginals, evidence } = inferControl(doomed, { inference, horizon: 2 });
    expect(V).toEqual(Float64Array.of(-Infinity, -Infinity, Math.LN2, -Infinity, 0, 0));
    expect(Q).toEqual(
      Float64Array.of(-Infinity, -Infinity, -Infinity, -Infinity, 0, 0, -Infinity, -Infinity),
    );
    expect(policy).toEqual(Float64Array.of(0, 0, 0, 0, 0.5, 0.5, 0, 0));
    expect(stateMarginals).toBeNull();
    expect(evidence).toEqual({ logEvidence: -Infinity, elbo: -Infinity, kl: null });
  });

  it('is escaped by an end in time, after which nobody is left to be anywhere', () => {
    const options = { inference: 'exact', discount: 0.75, discountAs: 'termination' } as const;
    const { V, stateMarginals } = inferControl(doomed, { ...options, horizon: 3 });
    expect(V[0]).toBeCloseTo(Math.log(2 * 0.25), 15);
    expect(stateMarginals).toEqual(Float64Array.of(1, 0, 0, 0, 0, 0));
    const endless = inferControl(doomed, { ...options, horizon: null });
    expect(endless.stateMarginals).toEqual(Float64Array.of(1, 0));
    expect(discountedOccupancy(doomed, endless, options)).toEqual(Float64Array.of(1, 0));
  });

  it('is not what only the true dynamics cannot bring about', () => {
    const risky = mdpOf([[[0, 0.5, 0.5]], [[0, 1, 0]], [[0, 0, 1]]], [[0], [-Infinity], [0]], {
      initial: [1, 0, 0],
    });
    const { evidence, stateMarginals } = inferControl(risky, { inference: 'exact', horizon: 2 });
    expect(evidence).toEqual({ logEvidence: Math.log(0.5), elbo: -Infinity, kl: Infinity });
    expect(stateMarginals).toEqual(Float64Array.of(1, 0, 0, 0, 0, 1));
    expect(inferControl(risky, { inference: 'variational', horizon: 2 }).stateMarginals).toBeNull();
  });
});

describe('conventions', () => {
  const ending = mdpOf(
    [
      [
        [0, 1],
        [0, 1],
      ],
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [
      [1, 1],
      [9, 9],
    ],
    { initial: [1, 0], terminal: [0, 1] },
  );

  it('leave nothing to do and no entropy after the end, where the episode stays', () => {
    const prior = Float64Array.of(0.5, 0.5, 0.3, 0.7);
    for (const [options, rest] of [
      [{ inference: 'exact' }, [0.5, 0.5]],
      [{ inference: 'variational', actionPrior: prior }, [0.3, 0.7]],
      [{ inference: 'hard' }, [1, 0]],
    ] as const) {
      const { V, Q, policy, stateMarginals } = inferControl(ending, {
        ...(options as ControlOptions),
        horizon: 3,
      });
      for (let t = 0; t < 3; t++) {
        expect(V[2 * t + 1]).toBe(0);
        expect(Array.from(Q.subarray(4 * t + 2, 4 * t + 4))).toEqual([0, 0]);
        expect(Array.from(policy.subarray(4 * t + 2, 4 * t + 4))).toEqual(rest);
      }
      expect(stateMarginals).toEqual(Float64Array.of(1, 0, 0, 1, 0, 1));
    }
  });

  it('break hard ties to the lowest action', () => {
    expect(inferControl(ending, { inference: 'hard', horizon: 1 }).policy.subarray(0, 2)).toEqual(
      Float64Array.of(1, 0),
    );
  });

  it('keep what the prior forbids in Q, out of the policy and V', () => {
    const actionPrior = Float64Array.of(0, 1, 1, 0);
    for (const inference of ['exact', 'variational', 'hard'] as const) {
      const mdp = { ...ending, reward: Float64Array.of(5, 1, 0, 0) };
      const { V, Q, policy } = inferControl(mdp, { inference, actionPrior, horizon: 1 });
      expect(Q).toEqual(Float64Array.of(5, 1, 0, 0));
      expect(policy.subarray(0, 2)).toEqual(Float64Array.of(0, 1));
      expect(V[0]).toBe(1);
    }
  });

  it('read stored zeros as no transition', () => {
    const mdp = mdpOf([[[1, 0]], [[0, 1]]], [[0], [-Infinity]], { initial: [1, 0] });
    const stored = {
      ...mdp,
      transition: {
        ...mdp.transition,
        rowOffsets: Uint32Array.of(0, 2, 4),
        columns: Uint32Array.of(0, 1, 0, 1),
        values: Float64Array.of(1, 0, 0, 1),
      },
    };
    for (const inference of ['exact', 'variational', 'hard'] as const) {
      expect(inferControl(stored, { inference, horizon: 3 })).toEqual(
        inferControl(mdp, { inference, horizon: 3 }),
      );
    }
  });

  it('give no evidence to hard values, discounts and the infinite horizon', () => {
    expect(inferControl(forest(), { inference: 'hard', horizon: 2 }).evidence).toBeNull();
    expect(
      inferControl(forest(), { inference: 'variational', horizon: 2, discount: 0.9 }).evidence,
    ).toBeNull();
    expect(inferControl(ending, { inference: 'variational', horizon: null }).evidence).toBeNull();
    expect(inferControl(ending, { inference: 'exact', horizon: 2 }).evidence).toEqual(
      controlEvidence(ending, { horizon: 2 }),
    );
  });
});
