import { expect, test } from 'vitest';
import { comparisonAnswer } from '../../models/compare/comparison-answer.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { solveAnswer } from './answer.js';

const directory = process.cwd();
const maxent = (...args: string[]) => runInProcess(['solve', ...args, '--compare'], { directory });

/** The answer, which fits its published schema, and its one sentence. */
async function compare(...args: string[]) {
  const { exitCode, json } = await maxent(...args, '--json');
  expect(exitCode).toBe(0);
  const answer = comparisonAnswer.parse(solveAnswer.parse(json));
  expect(answer.explanation).toMatch(/^[^.]+(?:\.\d+[^.]*)*\.$/);
  expect(answer.explanation).not.toMatch(/NaN|undefined|null/);
  return { ...answer, said: answer.explanation };
}

test('the lottery: exact counts on winning', async () => {
  const { said, methods, messages, logEvidence, elbo, kl } = await compare('Lottery-v0');
  // Temperature 1 and a uniform prior: Q of the gamble is log(0.1 e^5 + 0.9) for exact and 0.5 for variational.
  expect((methods.exact.Q[0] as number[])[1]).toBeCloseTo(Math.log(0.1 * Math.exp(5) + 0.9), 12);
  expect((methods.variational.Q[0] as number[])[1]).toBeCloseTo(0.5, 12);
  expect(methods.hard.policy[0]).toEqual([1, 0]);
  expect(messages.logBackwardState).toEqual(methods.exact.V);
  expect(logEvidence).toBe(methods.exact.startValue);
  expect(elbo).toBe(methods.variational.startValue);
  expect(kl).toBeCloseTo((logEvidence as number) - (elbo as number), 12);
  expect(said).toContain('exact values the start');
  expect(said).toContain(
    'after "gamble" in state 0 it expects state 2 with probability 0.9428 instead of 0.1',
  );
  expect(said).toContain('in state 0 exact prefers "gamble" (0.8527) and variational "keep" (0.6225)');
});

test('where every outcome is certain, exact and variational are the same', async () => {
  const { said, methods, kl } = await compare('GridWorld-v0', '--temperature', '0.1');
  expect(methods.exact.V).toEqual(methods.variational.V);
  expect(kl).toBe(0);
  expect(said).toContain('exact and variational agree, because every action has one certain outcome');
});

test('an end by the discount is chance too', async () => {
  const { said, discountAs, kl } = await compare('GridWorld-v0', '--discount', '0.9');
  expect(discountAs).toBe('termination');
  expect(kl).toBeGreaterThan(0);
  expect(said).toMatch(/it expects (?:the end of the episode|state \d+[^;]*) with probability/);
});

test('chance that decides over nothing changes nothing', async () => {
  const { said } = await compare('Lottery-v0', '--env-set', 'prize=0');
  expect(said).toContain('the outcomes that chance decides between are worth the same');
});

test('several starts: the posterior prefers the better ones', async () => {
  const { said, kl } = await compare('GridWorld-v0', '--env-set', 'map=S..G/..../S...');
  expect(kl).toBeGreaterThan(0);
  expect(said).toContain('only because the posterior prefers some starts to others');
});

test.each([
  ['1e-3', 'at temperature 0.001 variational is nearly hard'],
  ['1e6', 'at temperature 1.00e6 rewards hardly count'],
  ['1e12', 'rewards hardly count'],
])('at temperature %s', async (temperature, words) => {
  expect((await compare('Lottery-v0', '--temperature', temperature)).said).toContain(words);
});

test('a huge value elsewhere hides no difference, and a high temperature does not make outcomes alike', async () => {
  expect((await compare('Lottery-v0', '--env-set', 'prize=-1e9')).said).toContain(
    'exact values the start 0.286 higher',
  );
  const { said } = await compare('Lottery-v0', '--temperature', '1e12');
  expect(said).toMatch(/chance decides over up to (?:5|4\.99\d*|5\.0\d*) of value/);
});

test('ties are named', async () => {
  const { said } = await compare('GridWorld-v0', '--env-set', 'map=S./.G', '--temperature', '0.5');
  // Both ways round are two steps long.
  expect(said).toContain(
    'hard breaks ties by order: 2 actions are equally good in state 0 (S), where it takes "right"',
  );
});

test('nothing to decide', async () => {
  const { said } = await compare('Chain-v0', '--env-set', 'length=1', '--horizon', '1');
  expect(said).not.toMatch(/Infinity/);
});

test('with a horizon, messages meet in the evidence at every time', async () => {
  const { methods, messages, logEvidence, kl, said } = await compare('FrozenLake-v1', '--horizon', '12');
  expect(methods.exact.V).toHaveLength(13);
  expect(methods.hard.policy).toHaveLength(12);
  expect(methods.variational.iterations).toBeUndefined();
  const forward = messages.logForwardState as number[][];
  const backward = messages.logBackwardState as number[][];
  for (const [t, row] of forward.entries()) {
    const sum = row.reduce((total, alpha, s) => total + Math.exp(Number(alpha) + backward[t]![s]!), 0);
    expect(Math.log(sum)).toBeCloseTo(logEvidence as number, 10);
  }
  expect(kl).toBeGreaterThan(0);
  expect(said).toMatch(/at t = \d+/);
});

test('for people: named actions, Q, message, evidence, bound and gap', async () => {
  const { out } = await maxent('FrozenLake-v1');
  expect(out).toMatch(/^what differs {7}exact values the start/);
  for (const words of ['log evidence', 'variational bound', 'their gap', 'log beta', 'Q variational']) {
    expect(out).toContain(words);
  }
  expect(out).toMatch(/\n {2}left +-?[\d.]+/);
  expect(out).toMatch(/\n {2}state 15 \(G\) +0 +0 +0 +- +- +-\n/);
});

test('draws all three on one scale', async () => {
  const { out } = await maxent('FrozenLake-v1', '--plot');
  const scales = [...out.matchAll(/(?:hard|exact|variational): V and policy, (from [^,\n]* to [^,\n]*)/g)];
  expect(scales).toHaveLength(3);
  expect(new Set(scales.map(([, scale]) => scale)).size).toBe(1);
});

test.each([
  [['FrozenLake-v1', '--temperature', '0'], '--temperature', 'for --compare'],
  [['FrozenLake-v1', '--action-prior', 'none'], '--discount', 'with inference "exact"'],
  [['FrozenLake-v1', '--horizon', '1000000000'], '--horizon', 'steps of 16 states'],
])('%j is a usage error', async (args, field, message) => {
  const { exitCode, json } = await maxent(...args, '--json');
  expect([exitCode, json.error.field]).toEqual([2, field]);
  expect(json.error.message).toContain(message);
});
