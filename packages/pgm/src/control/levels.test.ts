import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActionPrior } from './control-options.js';
import { solveTabular } from './solve-tabular.js';
import { randomMdp, randomPrior, real } from './test-support/random-mdp.js';

/**
 * Levels of a hierarchy on one reward, each optimal at its own temperature a_k with the policy of the level below as its
 * prior: pi_k maximizes the discounted sum of r - a_k log(pi_k / pi_{k-1}). As a_{k-1} log(pi_{k-1} / pi_{k-2}) is r plus
 * a shaping by the potential V_{k-1}, the inverse temperatures add up.
 */
const cases = randomMdp({ maxSize: 5, ending: true }).chain((mdp) =>
  fc.record({
    mdp: fc.constant(mdp),
    discount: real(0.1, 0.95),
    temperatures: fc.array(real(0.2, 5), { minLength: 2, maxLength: 4 }),
    prior: randomPrior(mdp),
  }),
);

it('solves for K levels at temperatures a_k what one level solves at 1 / sum_k 1 / a_k', () => {
  fc.assert(
    fc.property(cases, ({ mdp, discount, temperatures, prior }) => {
      const solve = (temperature: number, actionPrior: ActionPrior) =>
        solveTabular(mdp, { inference: 'variational', discount, temperature, actionPrior });
      const temperature = 1 / temperatures.reduce((sum, each) => sum + 1 / each, 0);
      const one = solve(temperature, prior);

      let below: ActionPrior = prior;
      const evidence = new Float64Array(mdp.stateCount);
      for (const each of temperatures) {
        const { V, policy } = solve(each, below);
        V.forEach((value, state) => {
          evidence[state]! += value / each;
        });
        below = policy;
      }

      (below as Float64Array).forEach((probability, i) => {
        expect(Math.abs(probability - one.policy[i]!), `policy ${i}`).toBeLessThan(1e-10);
      });
      // What the levels gain in nats adds up too.
      evidence.forEach((sum, state) => {
        const expected = one.V[state]! / temperature;
        expect(Math.abs(sum - expected), `V ${state}`).toBeLessThan(1e-10 * Math.max(1, Math.abs(expected)));
      });
    }),
  );
});
