import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sparseRowsOf, type TabularMdp } from '@maxent/core';
import { controlMessages, inferControl, variationalBound } from '@maxent/pgm';
import { expect, test } from 'vitest';
import { comparisonAnswer } from '../../models/compare/comparison-answer.js';
import { expectClose, infer, inferCommand } from '../../test-support/infer.js';
import { forest, healthClinic, localLevel, lottery } from '../../test-support/models.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';

const named = { ...forest, actions: ['wait', 'cut'] };

/** The answer, which fits its published schema, and its one sentence. */
async function compare(model: unknown) {
  const { exitCode, json, err } = await inferCommand(model, '--compare', '--json');
  expect([exitCode, err]).toEqual([0, '']);
  const answer = comparisonAnswer.parse(json);
  expect(answer.explanation).toMatch(/^[^.]+(?:\.\d+[^.]*)*\.$/);
  return answer;
}

/** A document as the process that pgm takes. */
function mdpOf({ transition, reward, initial }: typeof forest): TabularMdp {
  const [stateCount, actionCount] = [transition.length, transition[0]!.length];
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(Float64Array.from(transition.flat(2)), stateCount * actionCount, stateCount),
    reward: Float64Array.from(reward.flat()),
    initial: Float64Array.from(initial),
    terminal: new Uint8Array(stateCount),
  };
}

test('every number is that of pgm, with a prior of its own too', { timeout: 60_000 }, async () => {
  const prior = [
    [0.2, 0.8],
    [0.5, 0.5],
    [0.7, 0.3],
  ];
  const answer = await compare({ ...named, temperature: 0.7, actionPrior: prior });
  const mdp = mdpOf(forest);
  const options = { horizon: 3, temperature: 0.7, actionPrior: Float64Array.from(prior.flat()) };
  for (const inference of ['hard', 'exact', 'variational'] as const) {
    const { V, Q, policy, stateMarginals } = inferControl(mdp, { ...options, inference });
    const method = answer.methods[inference];
    expectClose(
      [method.V, method.Q, method.policy].map((part) => part.flat(2)),
      [[...V], [...Q], [...policy]],
    );
    expectClose(method.stateMarginals!.flat(), [...stateMarginals!]);
  }
  const { logForwardState, logBackwardState } = controlMessages(mdp, options);
  expectClose(answer.messages.logForwardState!.flat(), [...logForwardState]);
  expectClose(answer.messages.logBackwardState.flat(), [...logBackwardState]);
  const { policy } = inferControl(mdp, { ...options, inference: 'variational' });
  const { logEvidence, elbo, kl } = variationalBound(mdp, policy, options);
  expectClose([answer.logEvidence, answer.elbo, answer.kl], [logEvidence, elbo, kl]);
  expect(answer.explanation).toContain('the prior');
});

test('what the file says of the inference changes nothing', async () => {
  const answers = await Promise.all(
    ['hard', 'exact', 'variational'].map((inference) => compare({ ...named, inference })),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('the lottery by its own names: exact counts on winning', async () => {
  const model = { ...lottery, actions: ['keep', 'gamble'] };
  const { explanation, actions, methods } = await compare(model);
  expectClose((methods.exact.Q[0] as number[][])[0], [1, Math.log(0.1 * Math.exp(5) + 0.9)], 1e-12);
  expect(actions).toEqual(['keep', 'gamble']);
  expect(explanation).toContain('exact prefers "gamble" (0.8527) and variational "keep" (0.6225)');
  const { out } = await inferCommand(model, '--compare', '--plot');
  for (const words of ['what differs', 'log evidence', 'variational bound', 'their gap', 'log beta']) {
    expect(out).toContain(words);
  }
  expect(out).toMatch(/\n {2}gamble +0\.5 +0 +2\.756 +0\.8527 +0\.5 +0\.3775 +2\.756\n/);
  expect(out).toMatch(/\ngamble, exact +█+ {2}2\.756\n/);
  expect(out).not.toMatch(/action [01]/);
});

test('a discount is read as termination, and without a horizon there is no time', async () => {
  // Every step costs something, so that no luck makes going on forever pay.
  const costly = { ...named, reward: forest.reward.map((row) => row.map((r) => r - 5)) };
  const { methods, discountAs, messages, logEvidence, elbo, kl } = await compare({
    ...costly,
    horizon: null,
    discount: 0.9,
  });
  const mdp = mdpOf(costly);
  const options = { horizon: null, discount: 0.9, discountAs: 'termination', actionPrior: 'none' } as const;
  const exact = inferControl(mdp, { ...options, inference: 'exact' });
  expectClose(methods.exact.V, [...exact.V]);
  expect([discountAs, messages.logForwardState]).toEqual(['termination', null]);
  expectClose(kl, (logEvidence as number) - (elbo as number), 1e-9);
});

test('a page has them side by side, with the names', async () => {
  const directory = await temporaryDirectory();
  const args = ['infer', '-', '--compare', '--html', 'forest.html', '--json'];
  const model = { ...named, actions: ['<wait>', 'cut'] };
  const { exitCode } = await runInProcess(args, { directory, input: JSON.stringify(model) });
  expect(exitCode).toBe(0);
  const page = await readFile(join(directory, 'forest.html'), 'utf8');
  for (const method of ['hard', 'exact', 'variational']) expect(page).toContain(`${method}: Policy`);
  expect(page).toContain('&lt;wait&gt;, variational');
  expect(page).toContain('Log message beta(s, a) of exact');
  expect(page).toContain('what differs');
  expect(page).not.toMatch(/<wait>|NaN|undefined/);
});

test('names are shown without a comparison too, wide ones in their columns', async () => {
  const model = {
    ...{ ...forest, horizon: null, discount: 0.9, inference: 'variational' },
    actions: ['待つ', 'cut'],
  };
  const { out } = await inferCommand(model, '--plot');
  expect(out).toMatch(/\n {2}state +V +p\(待つ\) +p\(cut\)\n/);
  expect(out).toMatch(/\n +待つ, cut\n/);
  expect((await infer(model)).actions).toEqual(['待つ', 'cut']);
});

test.each([
  [['wait'], 'actions', 'expected one name for each of 2 actions, got 1'],
  [['wait', ' '], 'actions[1]', 'expected a name, got " "'],
  [['wait', 'wait'], 'actions[1]', 'expected a name that no other action has'],
  [['wait', 1], 'actions[1]', 'got 1'],
])('the names %j are refused', async (actions, field, message) => {
  const { exitCode, json } = await inferCommand({ ...forest, actions }, '--json');
  expect([exitCode, json.error.field]).toEqual([2, field]);
  expect(json.error.message).toContain(message);
});

test.each([
  [healthClinic, 'a model of kind hmm has one posterior'],
  [localLevel, 'a model of kind lgssm has one posterior'],
])('other kinds have nothing to compare', async (model, message) => {
  const { exitCode, json } = await inferCommand(model, '--compare', '--json');
  expect([exitCode, json.error.field]).toEqual([2, '--compare']);
  expect(json.error.message).toContain(message);
});

test('a comparison that would not fit in memory is refused before it begins', async () => {
  const { exitCode, json } = await inferCommand({ ...forest, horizon: 1e8 }, '--compare', '--json');
  expect([exitCode, json.error.field]).toEqual([2, 'horizon']);
});
