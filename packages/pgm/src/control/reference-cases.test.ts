import { describe, expect, it } from 'vitest';
import { inferControl } from './infer-control.js';
import { solveTabular } from './solve-tabular.js';
import { forest, lottery, small } from './test-support/worlds.js';

/** Equal to half a unit of the last printed digit. */
function expectPrinted(actual: ArrayLike<number>, printed: readonly string[]) {
  expect(actual.length).toBe(printed.length);
  printed.forEach((text, i) => {
    const digits = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
    expect(Math.abs(actual[i]! - Number(text)), `${actual[i]} as ${text}`).toBeLessThanOrEqual(
      0.5 * 10 ** -digits * (1 + 1e-9),
    );
  });
}

describe('the forest over three steps, summed over actions', () => {
  it.each([
    {
      inference: 'variational' as const,
      V0: ['3.81022134', '7.19239636', '11.18166213'],
      V1: ['1.70378571', '3.90012097', '7.78968660'],
      wait0: ['.87832913', '.98876376', '.99943454'],
    },
    {
      inference: 'exact' as const,
      V0: ['4.11714340', '7.93024676', '11.92508034'],
      V1: ['1.71315874', '4.11781772', '8.02996880'],
      wait0: ['.90964281', '.99457690', '.99972860'],
    },
  ])('$inference', ({ inference, V0, V1, wait0 }) => {
    const { V, policy } = inferControl(forest(), { inference, horizon: 3 });
    expectPrinted(V.subarray(0, 3), V0);
    expectPrinted(V.subarray(3, 6), V1);
    expectPrinted(V.subarray(6, 9), ['.69314718', '1.31326169', '4.12692801']);
    expect(V.subarray(9)).toEqual(new Float64Array(3));
    expectPrinted([policy[0]!, policy[2]!, policy[4]!], wait0);
  });

  it('discounted', () => {
    const { V, evidence } = inferControl(forest(), { inference: 'variational', horizon: 3, discount: 0.9 });
    expectPrinted(V.subarray(0, 3), ['3.21400709', '6.17310594', '10.15012995']);
    expect(evidence).toBeNull();
  });

  it('evidence, bound and divergence from a uniform start', () => {
    const { logEvidence, elbo, kl } = inferControl(forest(), { inference: 'exact', horizon: 3 }).evidence!;
    expectPrinted([logEvidence, elbo, kl!], ['10.845', '7.395', '3.450']);
  });
});

describe('the lottery over two steps, averaged over actions', () => {
  it.each([
    { inference: 'variational' as const, Q: ['1', '.5'], gamble: '.37754067', V: '.78092980' },
    { inference: 'exact' as const, Q: ['1', '2.75628884'], gamble: '.85274425', V: '2.22243726' },
  ])('$inference', ({ inference, Q, gamble, V }) => {
    const answer = inferControl(lottery, { inference, horizon: 2, actionPrior: 'uniform' });
    expectPrinted(answer.Q.subarray(0, 2), Q);
    expectPrinted(answer.policy.subarray(1, 2), [gamble]);
    expectPrinted(answer.V.subarray(0, 1), [V]);
  });
});

describe('hard values', () => {
  it.each([
    { world: small, discount: 0.9, V: ['42.4418604651163', '36.0465116279070'], actions: [1, 0] },
    { world: forest(), discount: 0.9, V: ['26.244', '29.484', '33.484'], actions: [0, 0, 0] },
    { world: forest(), discount: 0.96, V: ['74.6496', '78.1056', '82.1056'], actions: [0, 0, 0] },
  ])('of $world.stateCount states at discount $discount', ({ world, discount, V, actions }) => {
    const solution = solveTabular(world, { inference: 'hard', discount });
    expectPrinted(solution.V, V);
    expect(actions.map((action, state) => solution.policy[2 * state + action])).toEqual(actions.map(() => 1));
  });

  it('of the forest of ten states', () => {
    const { V } = solveTabular(forest(10), { inference: 'hard', discount: 0.96 });
    expectPrinted([V[0]!, V[9]!], ['26.8301859311444', '48.3507194808078']);
  });

  it('of the forest over three steps', () => {
    const { V } = inferControl(forest(), { inference: 'hard', horizon: 3, discount: 0.9 });
    expectPrinted(V.subarray(0, 3), ['2.6973', '5.9373', '9.9373']);
  });
});
