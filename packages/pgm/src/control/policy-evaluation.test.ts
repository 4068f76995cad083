import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferControl } from './infer-control.js';
import { evaluatePolicy, expectedReturn } from './policy-evaluation.js';
import { solveTabular } from './solve-tabular.js';
import { randomMdp, randomPolicy, randomPrior, real } from './test-support/random-mdp.js';
import { forest, mdpOf } from './test-support/worlds.js';

describe('evaluatePolicy', () => {
  it('of the variational policy is its value', () => {
    const cases = randomMdp({ maxSize: 5, ending: true, forbidding: true }).chain((mdp) =>
      fc.record({
        mdp: fc.constant(mdp),
        temperature: real(0.2, 5),
        discount: real(0.1, 0.9999),
        actionPrior: randomPrior(mdp),
      }),
    );
    fc.assert(
      fc.property(cases, ({ mdp, ...options }) => {
        const { V, Q, policy } = solveTabular(mdp, { ...options, inference: 'variational' });
        const values = evaluatePolicy(mdp, policy, { ...options, horizon: null });
        const close = (actual: number, expected: number) =>
          actual === expected || Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
        expect(values.V.every((value, i) => close(value, V[i]!))).toBe(true);
        expect(values.Q.every((value, i) => close(value, Q[i]!))).toBe(true);
      }),
    );
  });

  it('of a long horizon tends to that of the infinite one', () => {
    const cases = randomMdp({ maxSize: 4, ending: true }).chain((mdp) =>
      fc.tuple(fc.constant(mdp), randomPolicy(mdp, 1), real(0.3, 0.9), fc.constantFrom(0, 0.7)),
    );
    fc.assert(
      fc.property(cases, ([mdp, policy, discount, temperature]) => {
        const infinite = evaluatePolicy(mdp, policy, { horizon: null, discount, temperature }).V;
        const finite = evaluatePolicy(mdp, policy, { horizon: 300, discount, temperature }).V;
        infinite.forEach((value, state) => {
          expect(Math.abs(value - finite[state]!)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
        });
      }),
    );
  });

  it('without a discount counts until the end', () => {
    // Leaves with probability 1/4 a step, each step costs 1.
    const mdp = mdpOf(
      [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [0, 1],
          [0, 1],
        ],
      ],
      [
        [-1, -1],
        [7, 7],
      ],
      { initial: [1, 0], terminal: [0, 1] },
    );
    const policy = Float64Array.of(0.75, 0.25, 0.5, 0.5);
    expect(expectedReturn(mdp, policy, { horizon: null })).toBeCloseTo(-4, 12);
    expect(expectedReturn(mdp, policy, { horizon: 2 })).toBeCloseTo(-1.75, 12);
    const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(evaluatePolicy(mdp, policy, { horizon: null, temperature: 2 }).V[0]).toBeCloseTo(
      -4 + 8 * entropy,
      12,
    );
    expect(() => expectedReturn(mdp, Float64Array.of(1, 0, 1, 0), { horizon: null })).toThrow(
      /^discount: at 1 this policy has no infinite-horizon value: from state 0/,
    );
    const idle = { ...mdp, reward: Float64Array.of(0, -1, 0, 0) };
    expect(expectedReturn(idle, Float64Array.of(1, 0, 1, 0), { horizon: null })).toBe(0);
  });

  it('gives -Infinity to what may do something forbidden, and only to that', () => {
    const mdp = mdpOf(
      [
        [
          [0, 1, 0],
          [0, 0, 1],
        ],
        [
          [0, 1, 0],
          [0, 1, 0],
        ],
        [
          [0, 0, 1],
          [0, 0, 1],
        ],
      ],
      [
        [0, 3],
        [-Infinity, -Infinity],
        [0, 0],
      ],
      { terminal: [0, 0, 1] },
    );
    for (const horizon of [3, null]) {
      const careful = evaluatePolicy(mdp, Float64Array.of(0, 1, 0, 0, 1, 0), { horizon, temperature: 0 });
      expect(careful.V.slice(0, 3)).toEqual(Float64Array.of(3, -Infinity, 0));
      const careless = evaluatePolicy(mdp, Float64Array.of(0.5, 0.5, 1, 0, 1, 0), { horizon });
      expect(careless.V.slice(0, 3)).toEqual(Float64Array.of(-Infinity, -Infinity, 0));
    }
  });

  it('of the exact policy collects less than it hopes for, in the forest', () => {
    const { policy, evidence } = inferControl(forest(), { inference: 'exact', horizon: 3 });
    const { V } = evaluatePolicy(forest(), policy, { horizon: 3 });
    expect((V[0]! + V[1]! + V[2]!) / 3).toBeLessThan(evidence!.elbo);
  });

  it.each([
    [new Float64Array(5), null, /^policy: expected 6 entries \[states, actions\], got 5$/],
    [new Float64Array(12), 3, /^policy: expected 6 entries .* or 3 times as many, got 12$/],
    [Float64Array.of(1, 0, 0.5, 0.4, 1, 0), null, /^policy\[1\]: expected probabilities that sum to 1/],
    [
      Float64Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2, -1),
      2,
      /^policy\[1\]\[2\]\[1\]: expected a probability/,
    ],
    [Float64Array.of(1, 0, 1, 0, 1, 0), 0, /^horizon: expected a positive integer/],
  ])('refuses %j over %j steps', (policy, horizon, message) => {
    expect(() => evaluatePolicy(forest(), policy, { horizon, discount: 0.9 })).toThrow(message);
  });
});
