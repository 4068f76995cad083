import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlMessages } from './control-messages.js';
import { inferControl } from './infer-control.js';
import { evaluatePolicy } from './policy-evaluation.js';
import { posteriorDynamics } from './posterior-dynamics.js';
import { enumerateTrajectories, priorWeights, type Trajectory } from './test-support/enumerate.js';
import { randomMdp, randomPolicy, randomPrior, real } from './test-support/random-mdp.js';
import { variationalBound } from './variational-bound.js';

const RELATIVE = 1e-10;

function expectClose(actual: number, expected: number, what: string) {
  if (Object.is(actual, expected) || actual === expected) return;
  const allowed = RELATIVE * Math.max(1, Math.abs(expected));
  expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(allowed);
}

const cases = randomMdp({ maxSize: 3, forbidding: true, ending: true }).chain((mdp) =>
  fc.record({
    mdp: fc.constant(mdp),
    horizon: fc.integer({ min: 1, max: 3 }),
    temperature: real(0.2, 5),
    actionPrior: randomPrior(mdp),
  }),
);

const total = (trajectories: readonly Trajectory[], temperature: number) =>
  trajectories.reduce((sum, { weight, reward }) => sum + weight * Math.exp(reward / temperature), 0);

describe('every trajectory of small random processes', () => {
  it('gives the exact posterior', () => {
    fc.assert(
      fc.property(cases, ({ mdp, horizon, temperature, actionPrior }) => {
        const { stateCount, actionCount } = mdp;
        const options = { horizon, temperature, actionPrior };
        const { V, Q, policy, stateMarginals, evidence } = inferControl(mdp, {
          ...options,
          inference: 'exact',
        });
        const messages = controlMessages(mdp, options);
        const all = enumerateTrajectories(mdp, horizon, actionPrior);
        const sum = total(all, temperature);
        expectClose(evidence!.logEvidence, Math.log(sum), 'logEvidence');
        expect(stateMarginals === null).toBe(sum === 0);

        const everywhere = { ...mdp, initial: new Float64Array(stateCount).fill(1) };
        const prior = priorWeights(mdp, actionPrior);
        for (let t = 0; t < horizon; t++) {
          const from = enumerateTrajectories(everywhere, horizon - t, actionPrior);
          for (let state = 0; state < stateCount; state++) {
            if (stateMarginals !== null) {
              const here = total(
                all.filter(({ states }) => states[t] === state),
                temperature,
              );
              expectClose(stateMarginals[t * stateCount + state]!, here / sum, `marginal ${t} ${state}`);
              const product =
                messages.logForwardState[t * stateCount + state]! +
                messages.logBackwardState[t * stateCount + state]!;
              expectClose(Math.exp(product), here, `messages ${t} ${state}`);
            }
            const starting = from.filter(({ states }) => states[0] === state);
            const beta = total(starting, temperature);
            expectClose(V[t * stateCount + state]!, temperature * Math.log(beta), `V ${t} ${state}`);
            if (mdp.terminal[state] === 1) continue;
            for (let action = 0; action < actionCount; action++) {
              const row = state * actionCount + action;
              const i = t * stateCount * actionCount + row;
              const taking = total(
                starting.filter(({ actions }) => actions[0] === action),
                temperature,
              );
              expectClose(policy[i]!, beta === 0 ? 0 : taking / beta, `policy ${t} ${row}`);
              if (prior[row] === 0) continue;
              expectClose(Q[i]!, temperature * Math.log(taking / prior[row]!), `Q ${t} ${row}`);
            }
          }
        }
      }),
    );
  });

  it('gives the posterior dynamics', () => {
    fc.assert(
      fc.property(cases, ({ mdp, horizon, temperature, actionPrior }) => {
        const { stateCount, actionCount } = mdp;
        const options = { horizon, temperature, actionPrior };
        const { V } = inferControl(mdp, { ...options, inference: 'exact' });
        const { rowOffsets, columns, values } = posteriorDynamics(
          mdp,
          V.subarray(stateCount, 2 * stateCount),
          {
            temperature,
          },
        );
        const everywhere = { ...mdp, initial: new Float64Array(stateCount).fill(1) };
        const all = enumerateTrajectories(everywhere, horizon, actionPrior);
        for (let row = 0; row < stateCount * actionCount; row++) {
          const state = Math.floor(row / actionCount);
          const taking = all.filter(
            ({ states, actions }) => states[0] === state && actions[0] === row - state * actionCount,
          );
          const sum = total(taking, temperature);
          if (sum === 0) continue;
          for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
            const leading = taking.filter(({ states }) => states[1] === columns[i]);
            expectClose(values[i]!, total(leading, temperature) / sum, `row ${row} entry ${i}`);
          }
        }
      }),
    );
  });

  it('gives the bound and the divergence of any policy', () => {
    const withPolicy = cases.chain((drawn) =>
      fc.tuple(fc.constant(drawn), randomPolicy(drawn.mdp, drawn.horizon)),
    );
    fc.assert(
      fc.property(withPolicy, ([{ mdp, horizon, temperature, actionPrior }, policy]) => {
        const { stateCount, actionCount } = mdp;
        const all = enumerateTrajectories(mdp, horizon, actionPrior);
        const prior = priorWeights(mdp, actionPrior);
        const evidence = total(all, temperature);
        let elbo = 0;
        let kl = 0;
        // With `none` weights, so that actions which the prior forbids are seen to be taken.
        for (const { states, actions, weight, reward } of enumerateTrajectories(mdp, horizon, 'none')) {
          let q = weight;
          let logRatio = 0;
          let allowed = 1;
          actions.forEach((action, t) => {
            if (action === -1) return;
            const row = states[t]! * actionCount + action;
            const chosen = policy[t * stateCount * actionCount + row]!;
            q *= chosen;
            logRatio += chosen > 0 ? Math.log(chosen / prior[row]!) : 0;
            allowed *= prior[row]!;
          });
          if (q === 0) continue;
          elbo += q * (reward / temperature - logRatio);
          const posterior = (weight * allowed * Math.exp(reward / temperature)) / evidence;
          kl += q * Math.log(q / posterior);
        }
        const bound = variationalBound(mdp, policy, { horizon, temperature, actionPrior });
        expectClose(bound.elbo, elbo, 'elbo');
        expectClose(bound.logEvidence, Math.log(evidence), 'logEvidence');
        if (evidence === 0) expect(bound.kl).toBeNull();
        else expectClose(bound.kl!, kl, 'kl');
      }),
    );
  });

  it('finds no policy with a higher bound than the variational one, whose value it is', () => {
    const withPolicy = cases.chain((drawn) =>
      fc.tuple(fc.constant(drawn), randomPolicy(drawn.mdp, drawn.horizon)),
    );
    fc.assert(
      fc.property(withPolicy, ([{ mdp, horizon, temperature, actionPrior }, policy]) => {
        const options = { horizon, temperature, actionPrior };
        const best = inferControl(mdp, { ...options, inference: 'variational' });
        const ofBest = evaluatePolicy(mdp, best.policy, options);
        const ofOther = evaluatePolicy(mdp, policy, options);
        best.V.forEach((value, i) => {
          expectClose(ofBest.V[i]!, value, `V ${i}`);
          expect(ofOther.V[i]!).toBeLessThanOrEqual(value + RELATIVE);
        });
        const bound = variationalBound(mdp, best.policy, options);
        expectClose(best.evidence!.elbo, bound.elbo, 'elbo');
        if (bound.kl === null) expect(best.evidence!.kl).toBeNull();
        else expectClose(best.evidence!.kl!, bound.kl, 'kl');
      }),
    );
  });
});
