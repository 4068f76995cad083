import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  chainOfThree,
  forest,
  healthClinic,
  localLevel,
  lottery,
  scalarRegulator,
  smallGrid,
} from '../../test-support/models.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { inferAnswer } from './answer.js';

const maxent = (model: unknown, ...more: string[]) =>
  runInProcess(['infer', '-', ...more], {
    directory: process.cwd(),
    input: typeof model === 'string' ? model : JSON.stringify(model),
  });

/** The answer with `--json`, which fits its published schema. */
async function infer(model: unknown) {
  const { exitCode, out, err, json } = await maxent(model, '--json');
  expect([exitCode, err]).toEqual([0, '']);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  inferAnswer.parse(json);
  return json;
}

/** Compares numbers of any nesting to half a unit of the tables' last digit. */
function expectClose(actual: unknown, expected: unknown, tolerance = 5e-9): void {
  if (typeof expected === 'number') {
    expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(tolerance);
    return;
  }
  const parts = expected as readonly unknown[];
  expect(actual).toHaveLength(parts.length);
  parts.forEach((part, i) => {
    expectClose((actual as readonly unknown[])[i], part, tolerance);
  });
}

test('a hidden Markov model', async () => {
  const { logLikelihood, filtered, predicted, smoothed, viterbi } = await infer(healthClinic);
  expectClose(logLikelihood, -3.3928721329, 5e-11);
  expectClose(smoothed, [
    [0.23170296, 0.76829704],
    [0.62406283, 0.37593717],
    [0.86397715, 0.13602285],
  ]);
  expectClose(filtered[2], smoothed[2], 1e-15);
  expect(predicted[0]).toEqual([0.6, 0.4]);
  expect(viterbi.path).toEqual([1, 0, 0]);
  expectClose(viterbi.logProbability, Math.log(0.01344), 1e-12);
});

test('a missing observation is null', async () => {
  const { smoothed, filtered, predicted } = await infer({ ...healthClinic, observations: [0, null, 2] });
  expect(filtered[1]).toEqual(predicted[1]);
  expect(smoothed).toHaveLength(3);
});

test('emissions may be Gaussian or log-likelihoods, with -Infinity as a string and null for a missing row', async () => {
  const gaussian = { kind: 'gaussian', means: [0, 4], stds: [1, 2] };
  const observations = [0.5, null, 3];
  const first = await infer({ ...healthClinic, emission: gaussian, observations });
  const logDensity = (x: number, mean: number, std: number) =>
    -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
  const values = observations.map(
    (x) => x && [0, 1].map((k) => logDensity(x, gaussian.means[k]!, gaussian.stds[k]!)),
  );
  const { observations: _, ...rest } = healthClinic;
  const second = await infer({ ...rest, emission: { kind: 'logLikelihoods', values } });
  expectClose(second.smoothed, first.smoothed, 1e-12);
  expectClose(second.logLikelihood, first.logLikelihood, 1e-12);
  const certain = { kind: 'logLikelihoods', values: [[0, '-Infinity'], null] };
  expect((await infer({ ...rest, emission: certain })).smoothed[0]).toEqual([1, 0]);
});

test('impossible observations are an answer, not an error', async () => {
  const impossible = {
    ...healthClinic,
    emission: {
      kind: 'categorical',
      probs: [
        [1, 0],
        [1, 0],
      ],
    },
    observations: [0, 1],
  };
  expect(await infer(impossible)).toEqual({
    logLikelihood: '-Infinity',
    filtered: null,
    predicted: null,
    smoothed: null,
    viterbi: { path: null, logProbability: '-Infinity' },
  });
  const { exitCode, out } = await maxent(impossible, '--plot');
  expect([exitCode, out.trim()]).toEqual([0, 'log-likelihood  -Infinity: the observations are impossible']);
});

test('a linear-Gaussian state-space model', async () => {
  const answer = await infer(localLevel);
  expectClose(answer.logLikelihood, -5.2315979707, 5e-11);
  expectClose(answer.filteredMeans, [[0.5], [1.4], [2.384615]], 5e-7);
  expectClose(answer.filteredCovariances, [[[0.5]], [[0.6]], [[0.615385]]], 5e-7);
  expectClose(answer.smoothedMeans, [[12 / 13], [23 / 13], [31 / 13]], 1e-12);
  expectClose(answer.smoothedCovariances, [[[5 / 13]], [[6 / 13]], [[8 / 13]]], 1e-12);
});

test('rows and components of a state-space model may be missing', async () => {
  const twoSensors = {
    ...localLevel,
    H: [[1], [1]],
    R: [
      [1, 0],
      [0, 1],
    ],
  };
  const partly = await infer({ ...twoSensors, observations: [[1, null], null, [null, 3]] });
  const wholly = await infer({ ...localLevel, observations: [[1], null, [3]] });
  expectClose(partly.smoothedMeans, wholly.smoothedMeans, 1e-12);
  expectClose(partly.logLikelihood, wholly.logLikelihood, 1e-12);
});

test.each([
  ['exact', [4.1171434, 7.93024676, 11.92508034], [0.90964281, 0.9945769, 0.9997286]],
  ['variational', [3.81022134, 7.19239636, 11.18166213], [0.87832913, 0.98876376, 0.99943454]],
])('a decision process, %s', async (inference, values, growing) => {
  const answer = await infer({ ...forest, inference });
  expectClose(answer.V[0], values);
  expectClose(answer.V[3], [0, 0, 0], 0);
  expectClose(
    answer.policy[0].map(([grow]: number[]) => grow),
    growing,
  );
  expectClose([answer.logEvidence, answer.elbo, answer.kl], [10.845, 7.395, 3.45], 5e-4);
  expect([answer.Q.length, answer.stateMarginals.length]).toEqual([3, 3]);
});

test('a discount below 1 leaves no evidence', async () => {
  const answer = await infer({ ...forest, inference: 'variational', discount: 0.9 });
  expectClose(answer.V[0], [3.21400709, 6.17310594, 10.15012995]);
  expect([answer.logEvidence, answer.elbo, answer.kl]).toEqual([null, null, null]);
});

test('the lottery: the posterior is optimistic about the gamble', async () => {
  const fair = await infer(lottery);
  expectClose(fair.Q[0][0], [1, 0.5], 1e-12);
  expectClose([fair.policy[0][0][1], fair.V[0][0]], [0.37754067, 0.7809298]);
  const optimistic = await infer({ ...lottery, inference: 'exact' });
  expectClose(optimistic.Q[0][0], [1, 2.75628884]);
  expectClose([optimistic.policy[0][0][1], optimistic.V[0][0]], [0.85274425, 2.22243726]);
  expectClose(optimistic.stateMarginals[0], [1, 0, 0, 0], 1e-15);
});

test('an endless decision process', async () => {
  const answer = await infer({ ...forest, inference: 'hard', discount: 0.9, horizon: null });
  expectClose(answer.V, [26.244, 29.484, 33.484], 1e-8);
  expect(answer.policy).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expectClose(
    answer.stateMarginals.reduce((sum: number, p: number) => sum + p, 0),
    1,
    1e-12,
  );
  expect(answer.iterations).toBeGreaterThan(0);
  expect(answer.residual).toBeLessThan(1e-9);
  expect([answer.logEvidence, answer.elbo, answer.kl]).toEqual([null, null, null]);
});

test('a forbidden action has the reward -Infinity, terminal states the value 0', async () => {
  const forbidding = { ...smallGrid, reward: [[-1, '-Infinity', -1, -1], ...smallGrid.reward.slice(1)] };
  const { V, Q, policy } = await infer(forbidding);
  expect(V[0]).toEqual([-2, -1, -1, 0]);
  expect(Q[0][0]).toEqual([-3, '-Infinity', -2, -3]);
  expect(policy[0][0]).toEqual([0, 0, 1, 0]);
});

test('an action prior may be given', async () => {
  const actionPrior = Array(4).fill([0.5, 0.5]);
  const given = await infer({ ...lottery, actionPrior });
  expectClose(given.V, (await infer(lottery)).V, 1e-12);
});

test('a linear-quadratic regulator', async () => {
  const faithful = await infer(scalarRegulator);
  expectClose(faithful.P, [[[8 / 5]], [[3 / 2]], [[1]], [[0]]], 1e-12);
  expectClose(faithful.K, [[[3 / 5]], [[1 / 2]], [[0]]], 1e-12);
  expectClose(faithful.policyCovariance, [[[2 / 5]], [[1 / 2]], [[1]]], 1e-12);
  expect(faithful.valueConstant[3]).toBe(0);
  const optimistic = await infer({ ...scalarRegulator, inference: 'exact' });
  expectClose(optimistic.P, [[[15 / 11]], [[4 / 3]], [[1]], [[0]]], 1e-12);
});

test('an endless linear-quadratic regulator', async () => {
  const answer = await infer({ ...scalarRegulator, horizon: null });
  expectClose(answer.P, [[(1 + Math.sqrt(5)) / 2]], 1e-12);
  expectClose(answer.K, [[(Math.sqrt(5) - 1) / 2]], 1e-12);
  expect(answer.valueConstant).toBeNull();
  expect(answer.averageReward).toEqual(expect.any(Number));
  const discounted = await infer({ ...scalarRegulator, horizon: null, discount: 0.9 });
  expect(discounted.valueConstant).toEqual(expect.any(Number));
  const optimistic = await infer({ ...scalarRegulator, horizon: null, inference: 'exact' });
  expectClose(optimistic.K, [[(Math.sqrt(3) - 1) / 2]], 1e-12);
});

test.each(['exact', 'loopy'])('a factor graph, %s', async (method) => {
  // Weights of (A, B) given C = 2: (0, 0) 1.62, (0, 1) 0.06, (1, 0) 0.24, (1, 1) 0.32; in all 2.24.
  const { logPartition, marginals, map, converged, iterations } = await infer({ ...chainOfThree, method });
  expectClose(logPartition, Math.log(2.24), 1e-12);
  expect(marginals.map(({ variables }: { variables: string[] }) => variables)).toEqual([['A'], ['B', 'A']]);
  expectClose(marginals[0].values, [0.75, 0.25], 1e-12);
  expectClose(
    marginals[1].values,
    [
      [1.62 / 2.24, 0.24 / 2.24],
      [0.06 / 2.24, 0.32 / 2.24],
    ],
    1e-12,
  );
  expect(map.assignment).toEqual({ A: 0, B: 0, C: 2 });
  expectClose(map.logValue, Math.log(1.62), 1e-12);
  expect([converged, iterations === undefined]).toEqual(
    method === 'loopy' ? [true, false] : [undefined, true],
  );
});

test.each(['exact', 'loopy'])('impossible evidence in a factor graph, %s', async (method) => {
  const graph = {
    kind: 'factor-graph',
    variables: { A: 2 },
    factors: [{ variables: ['A'], values: [1, 0] }],
    evidence: { A: 1 },
    method,
  };
  expect(await infer(graph)).toEqual({
    logPartition: '-Infinity',
    marginals: null,
    map: { assignment: null, logValue: '-Infinity' },
  });
});

test('reads a file, and names it when it cannot', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'model.json'), `\uFEFF${JSON.stringify(localLevel)}`);
  const { out } = await runInProcess(['infer', 'model.json'], { directory });
  expect(out).toBe(
    [
      'log-likelihood  -5.232',
      '',
      '  t       smoothed 0',
      '  0  0.9231 ± 0.6202',
      '  1   1.769 ± 0.6794',
      '  2   2.385 ± 0.7845',
      '',
    ].join('\n'),
  );
  const missing = await runInProcess(['infer', 'nowhere.json', '--json'], { directory });
  expect([missing.exitCode, missing.json.error.field]).toEqual([2, 'MODEL']);
  expect(missing.json.error.message).toContain('nowhere.json (ENOENT)');
});

test('the example models work', async () => {
  const directory = fileURLToPath(new URL('../../../../examples/models', import.meta.url));
  const names = await readdir(directory);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { exitCode, json } = await runInProcess(['infer', name, '--json'], { directory });
    expect([name, exitCode]).toEqual([name, 0]);
    inferAnswer.parse(json);
  }
});

test('a long table shows its beginning', async () => {
  const { out } = await maxent({ ...healthClinic, observations: Array(30).fill(0) });
  expect(out).toContain('... 10 more; --json shows everything');
});

test('draws a gridworld in the terminal', async () => {
  const { out } = await maxent(smallGrid, '--plot');
  expect(out).toContain('V and policy at t = 0, from -2 to -1\n  -2↓ █ -1↓\n█ -1→\n');
  expect(out).toContain('State marginals at t = 3, from 0 to 1');
});

test('with --json the drawing goes to the error stream', async () => {
  const { json, err } = await maxent(smallGrid, '--plot', '--json');
  expect(json.V[0]).toEqual([-2, -1, -1, 0]);
  expect(err).toContain('V and policy at t = 0');
});

test('writes a page that needs neither network nor script', async () => {
  const directory = await temporaryDirectory();
  const grid = { ...smallGrid, inference: 'variational', grid: { rows: 2, columns: 2, tiles: 'S.<G' } };
  const models = {
    forest,
    healthClinic,
    localLevel,
    chainOfThree,
    scalarRegulator,
    grid,
    endless: { ...forest, horizon: null, discount: 0.9, inference: 'variational' },
  };
  for (const [name, model] of Object.entries(models)) {
    await writeFile(join(directory, `${name}.json`), JSON.stringify(model));
    const args = ['infer', `${name}.json`, '--plot', '--html', `${name}.html`];
    const { exitCode, out } = await runInProcess(args, { directory });
    expect(exitCode).toBe(0);
    const page = await readFile(join(directory, `${name}.html`), 'utf8');
    expect(page).toContain(`<title>${name} (${model.kind})</title>`);
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|<link|src=|url\(|https?:\/\/(?!www\.w3\.org)/);
    expect(page + out).not.toMatch(/NaN|undefined/);
  }
  expect(await readFile(join(directory, 'grid.html'), 'utf8')).toContain('&lt;');
});

test('says where a page cannot be written', async () => {
  const { exitCode, json } = await maxent(smallGrid, '--html', 'nowhere/page.html', '--json');
  expect([exitCode, json.error.field]).toEqual([2, '--html']);
});
