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

const { observations, ...withoutObservations } = healthClinic;
const evidenceOnly = { ...withoutObservations, emission: { kind: 'logLikelihoods', values: [[0, 0]] } };
const gaussian = { ...healthClinic, emission: { kind: 'gaussian', means: [0, 1], stds: [1, 1] } };
const identity = [
  [1, 0],
  [0, 1],
];
const plane = {
  ...localLevel,
  initialMean: [0, 0],
  initialCovariance: identity,
  F: identity,
  Q: identity,
  H: [[1, 0]],
};

/** A copy of the model with another value at a path such as `transition.1`; undefined takes the key out. */
function changed(model: object, path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(model));
  const keys = path.split('.');
  const last = keys.pop()!;
  const target = keys.reduce((part, key) => (part as Record<string, unknown>)[key] as object, copy);
  (target as Record<string, unknown>)[last] = value;
  return copy;
}

async function refusal(input: string) {
  const { exitCode, json, err } = await runInProcess(['infer', '-', '--json'], {
    directory: process.cwd(),
    input,
  });
  expect(exitCode).toBe(2);
  expect(err).toContain(json.error.message);
  return json.error;
}

test.each([
  [
    '{"kind": "hmm",\n "initial": [0.5, NaN]}',
    'MODEL',
    'not JSON: line 2, column 19: NaN is not JSON; write null for a missing value',
  ],
  ['', 'MODEL', 'not JSON: line 1, column 1: value expected'],
  ['[]', 'kind', 'one of hmm, lgssm, mdp, lqr, factor-graph'],
  ['{}', 'kind', 'one of hmm, lgssm, mdp, lqr, factor-graph'],
  ['{"kind":"hnm"}', 'kind', 'Did you mean "hmm"?'],
  ['{"kind":"hmm","kind":"mdp"}', 'kind', 'is given twice; give it once (line 1, column 15)'],
  ['{"kind":"hmm","":1}', '[""]', 'unknown key; known keys: kind, initial'],
  [
    '{"kind":"factor-graph","variables":{"A":2},"factors":[],"evidence":{"__proto__":0}}',
    'evidence.__proto__',
    'reserved',
  ],
  [
    `{"kind":"factor-graph","variables":{},"factors":${'['.repeat(10_000)}`,
    'MODEL',
    'nested more than 64 levels',
  ],
  [
    JSON.stringify(forest).replace('[4,', '[1e999,'),
    'reward[2][0]',
    'got Infinity (numbers beyond 1.8e308 overflow)',
  ],
])('refuses %j', async (input, field, message) => {
  const error = await refusal(input);
  expect(error.field).toBe(field);
  expect(error.message).toContain(message);
});

test.each<[object, string, unknown, string, string]>([
  [healthClinic, 'observations', undefined, 'observations', 'is required'],
  [healthClinic, 'transitions', [], 'transitions', 'did you mean transition?'],
  [healthClinic, 'transition.1', [1], 'transition[1]', 'expected 2 entries, got 1'],
  [healthClinic, 'transition.2', [0.5, 0.5], 'transition', 'expected 2 entries, got 3'],
  [healthClinic, 'transition.1', [0.4, 0.6 + 1e-8], 'transition[1]', 'sum to 1'],
  [healthClinic, 'transition.1', null, 'transition[1]', 'expected array, got null'],
  [healthClinic, 'initial', [1.1, -0.1], 'initial[1]', 'at least 0'],
  [healthClinic, 'initial', 0.5, 'initial', 'expected array, got 0.5'],
  [healthClinic, 'emission.kind', 'categoric', 'emission.kind', 'categorical'],
  [healthClinic, 'emission.prob', [], 'emission.prob', 'did you mean probs?'],
  [healthClinic, 'emission.probs.1', [0.6, 0.3, 0.2], 'emission.probs[1]', 'sum to 1'],
  [healthClinic, 'emission.probs.0.2', '0.5', 'emission.probs[0][2]', 'expected number, got "0.5"'],
  [healthClinic, 'emission.probs.1', [0.5, 0.5], 'emission.probs[1]', 'expected 3 entries, got 2'],
  [healthClinic, 'observations', [0, 1, 2, 0, 3], 'observations[4]', 'from 0 to 2'],
  [healthClinic, 'observations', [0.5], 'observations[0]', 'integer'],
  [gaussian, 'emission.stds.1', 0, 'emission.stds[1]', 'above 0'],
  [gaussian, 'emission.means', [0], 'emission.means', 'expected 2 entries, got 1'],
  [evidenceOnly, 'observations', [0], 'observations', 'leave it out'],
  [evidenceOnly, 'emission.values.0.1', null, 'emission.values[0][1]', 'got null'],
  [evidenceOnly, 'emission.values.0.1', 'Infinity', 'emission.values[0][1]', 'a number or "-Infinity"'],
  [evidenceOnly, 'emission.values.0', [0, 0, 0], 'emission.values[0]', 'expected 2 entries, got 3'],

  [plane, 'initialCovariance.0.1', 0.5, 'initialCovariance[1][0]', 'symmetric'],
  [
    plane,
    'Q',
    [
      [1, 2],
      [2, 1],
    ],
    'Q',
    'negative eigenvalue',
  ],
  [plane, 'F.0', [1], 'F[0]', 'expected 2 entries, got 1'],
  [plane, 'H.0', [1], 'H[0]', 'expected 2 entries, got 1'],
  [localLevel, 'R', [[0]], 'R[0][0]', 'positive'],
  [localLevel, 'R', [[-1]], 'R[0][0]', 'positive'],
  [localLevel, 'initialMean.0', null, 'initialMean[0]', 'got null'],
  [localLevel, 'observations.1', [2, 3], 'observations[1]', 'expected 1 entries, got 2'],
  [localLevel, 'observations.1.0', 'Infinity', 'observations[1][0]', 'got "Infinity"'],

  [forest, 'horizn', 3, 'horizn', 'did you mean horizon?'],
  [forest, 'reward', undefined, 'reward', 'is required'],
  [forest, 'reward.1.1', null, 'reward[1][1]', 'got null'],
  [forest, 'reward.0.1', 'NaN', 'reward[0][1]', 'expected a number or "-Infinity", got "NaN"'],
  [forest, 'reward.0.1', 'Infinity', 'reward[0][1]', 'a number or "-Infinity"'],
  [forest, 'reward.2', [4], 'reward[2]', 'expected 2 entries, got 1'],
  [forest, 'transition.2', [[1, 0, 0]], 'transition[2]', 'expected 2 entries, got 1'],
  [forest, 'transition.1.0', [0.1, 0.9], 'transition[1][0]', 'expected 3 entries, got 2'],
  [forest, 'transition.1.0', [0.1, 0, 0.8], 'transition[1][0]', 'sum to 1'],
  [forest, 'transition.1.0', [-0.1, 0.1, 1], 'transition[1][0][0]', 'at least 0'],
  [forest, 'initial', [0.5, 0.5, 0.1], 'initial', 'sum to 1'],
  [forest, 'horizon', 0, 'horizon', 'got 0'],
  [forest, 'horizon', undefined, 'horizon', 'is required'],
  [forest, 'discount', 0.9, 'discount', 'discountAs'],
  [forest, 'discount', 1.5, 'discount', 'got 1.5'],
  [forest, 'temperature', 0, 'temperature', 'above 0'],
  [forest, 'temperature', null, 'temperature', 'got null'],
  [forest, 'inference', 'optimistic', 'inference', 'exact'],
  [forest, 'actionPrior', 'flat', 'actionPrior', 'got "flat"'],
  [forest, 'actionPrior', [[0.5, null]], 'actionPrior[0][1]', 'got null'],
  [
    forest,
    'actionPrior',
    [
      [0.5, 0.5],
      [0.5, 0.6],
      [1, 0],
    ],
    'actionPrior[1]',
    'sum to 1',
  ],
  [forest, 'terminal', [true], 'terminal', 'expected 3 entries, got 1'],
  [forest, 'terminal', [0, 0, 1], 'terminal[0]', 'expected boolean, got 0'],
  [forest, 'grid', { rows: 3, columns: 1 }, 'grid.moves', '2 actions'],
  [smallGrid, 'grid', { rows: 3, columns: 2 }, 'grid', 'for 4 states'],
  [smallGrid, 'grid.tiles', 'SG', 'grid.tiles', '4 states'],
  // Rewards without end: the values of longer and longer horizons grow without limit.
  [lottery, 'horizon', null, 'discount', 'grow without limit'],

  [scalarRegulator, 'R', [[0]], 'R[0][0]', 'positive'],
  [scalarRegulator, 'B', [[1], [1]], 'B', 'expected 1 entries, got 2'],
  [scalarRegulator, 'inference', 'hard', 'inference', 'exact'],
  [scalarRegulator, 'terminalCost', [[-1]], 'terminalCost[0][0]', 'non-negative'],
  [{ ...scalarRegulator, inference: 'exact' }, 'discount', 0.9, 'discount', 'exact'],
  [{ ...scalarRegulator, A: [[2]], B: [[0]] }, 'horizon', null, 'horizon', 'still grow after'],

  [chainOfThree, 'factors.1.variables', ['B', 'D'], 'factors[1].variables[1]', 'got "D"'],
  [chainOfThree, 'factors.1.variables', ['B', 'B'], 'factors[1].variables[1]', 'twice'],
  [chainOfThree, 'factors.1.value', [], 'factors[1].value', 'did you mean values?'],
  [chainOfThree, 'factors.2.values.1', [1, 2], 'factors[2].values[1]', 'expected 3 entries, got 2'],
  [chainOfThree, 'factors.1.values', [1, 2], 'factors[1].values[0]', 'expected an array of 2, got 1'],
  [chainOfThree, 'factors.0.values', [[1], [2]], 'factors[0].values[0]', 'expected a number, got an array'],
  [chainOfThree, 'factors.0.values.1', -1, 'factors[0].values[1]', '>=0, got -1'],
  [chainOfThree, 'variables.A', 0, 'variables.A', 'got 0'],
  [chainOfThree, 'evidence.C', 3, 'evidence.C', 'from 0 to 2'],
  [chainOfThree, 'evidence.D', 0, 'evidence.D', 'got "D"'],
  [chainOfThree, 'queries.1', ['D'], 'queries[1][0]', 'got "D"'],
  [chainOfThree, 'method', 'loop', 'method', 'loopy'],
])('refuses %j with another %s: %j', async (model, path, value, field, message) => {
  const error = await refusal(JSON.stringify(changed(model, path, value)));
  expect(error.field).toBe(field);
  expect(error.message).toContain(message);
});

test('refuses tables that are too large before they take memory', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `X${i}`);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b]));
  const model = {
    kind: 'factor-graph',
    variables: Object.fromEntries(names.map((name) => [name, 2])),
    factors: pairs.map((variables) => ({ variables, values: identity })),
  };
  const error = await refusal(JSON.stringify(model));
  expect(error.field).toBe('factors');
  expect(error.message).toMatch(/\d entries, \d+ [TE]iB|\d entries, \d+ GiB/);
});
