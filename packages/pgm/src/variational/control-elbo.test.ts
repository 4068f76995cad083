import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { denseOf, Rng, type TabularMdp } from '@maxent/core';
import { Categorical, DiagonalNormal, NoClosedFormError, TanhNormal } from '@maxent/distributions';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { variationalBound } from '../control/index.js';
import { forest, lottery } from '../control/test-support/worlds.js';
import {
  perStepControlElbo,
  sampleTrajectories,
  type Trajectories,
  tabularPolicy,
  trajectoryControlElbo,
} from './index.js';
import { meanAndError } from './test-support/linear-gaussian.js';

const FORMS = { trajectoryControlElbo, perStepControlElbo };

interface Case {
  readonly mdp: TabularMdp;
  readonly horizon: number;
  readonly temperature: number;
  readonly actionPrior: 'none' | 'uniform';
}

const CASES: Record<string, Case> = {
  forest: { mdp: forest(), horizon: 3, temperature: 1, actionPrior: 'none' },
  lottery: { mdp: lottery, horizon: 2, temperature: 0.7, actionPrior: 'uniform' },
  // State 2 ends the episode, so that trajectories have different lengths.
  'forest that ends': {
    mdp: { ...forest(), terminal: Uint8Array.of(0, 0, 1) },
    horizon: 3,
    temperature: 2,
    actionPrior: 'none',
  },
};

/** Logits of a policy for each step, with no symmetry that could hide a mistake. */
function someLogits({ mdp, horizon }: Case): number[] {
  const rng = Rng.fromSeed(7);
  return Array.from({ length: horizon * mdp.stateCount * mdp.actionCount }, () => rng.normal());
}

function policyOf(logits: ArrayLike<number>, actionCount: number): Float64Array {
  const policy = Float64Array.from(logits, Math.exp);
  for (let start = 0; start < policy.length; start += actionCount) {
    const row = policy.subarray(start, start + actionCount);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, i) => {
      row[i] = value / total;
    });
  }
  return policy;
}

function exactElbo({ mdp, ...options }: Case, logits: ArrayLike<number>): number {
  return variationalBound(mdp, policyOf(logits, mdp.actionCount), options).elbo;
}

/** The options of either form, for a table of logits [T, states, actions]. */
function controlOptions(kase: Case, logits: tf.Tensor, trajectories: Trajectories) {
  const { mdp, temperature, actionPrior } = kase;
  const policy = tabularPolicy(logits, trajectories.states);
  const uniform = { actionPrior: new Categorical(tf.zeros([mdp.actionCount])) };
  return { ...trajectories, policy, temperature, ...(actionPrior === 'uniform' && uniform) };
}

function tableOf({ mdp, horizon }: Case, logits: readonly number[]): tf.Tensor3D {
  return tf.tensor3d([...logits], [horizon, mdp.stateCount, mdp.actionCount]);
}

/** Every trajectory that a policy can take, with its probability. */
function enumerate(
  { mdp, horizon }: Case,
  policy: Float64Array,
): { trajectories: Trajectories; weights: number[] } {
  const { stateCount, actionCount } = mdp;
  const transition = denseOf(mdp.transition);
  const [states, actions, rewards, active, weights]: number[][] = [[], [], [], [], []];
  const extend = (path: number[], state: number, weight: number): void => {
    if (weight === 0) return;
    const t = path.length / 4;
    if (t === horizon) {
      for (let i = 0; i < path.length; i += 4) {
        states!.push(path[i]!);
        actions!.push(path[i + 1]!);
        rewards!.push(path[i + 2]!);
        active!.push(path[i + 3]!);
      }
      weights!.push(weight);
      return;
    }
    if (mdp.terminal[state] === 1) {
      extend([...path, state, 0, 0, 0], state, weight);
      return;
    }
    for (let action = 0; action < actionCount; action++) {
      const row = state * actionCount + action;
      const chosen = weight * policy[t * stateCount * actionCount + row]!;
      for (let next = 0; next < stateCount; next++) {
        const probability = transition[row * stateCount + next]!;
        extend([...path, state, action, mdp.reward[row]!, 1], next, chosen * probability);
      }
    }
  };
  mdp.initial.forEach((probability, state) => {
    extend([], state, probability);
  });
  const shape: [number, number] = [weights!.length, horizon];
  return {
    trajectories: {
      states: tf.tensor2d(states!, shape, 'int32'),
      actions: tf.tensor2d(actions!, shape, 'int32'),
      rewards: tf.tensor2d(rewards!, shape),
      active: tf.tensor2d(active!, shape),
    },
    weights: weights!,
  };
}

describe.each(Object.entries(CASES))('%s', (_, kase) => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const { mdp, horizon, temperature, actionPrior } = kase;
  const logits = someLogits(kase);
  const policy = policyOf(logits, mdp.actionCount);
  const sample = (trajectories: number, seed = 1): Trajectories =>
    sampleTrajectories(mdp, { policy, horizon, trajectories, rng: Rng.fromSeed(seed) });

  test('on each sample: log p(optimal, trajectory) - log q(trajectory), dynamics and all', () => {
    const trajectories = sample(50);
    const actual = readTensor(
      trajectoryControlElbo(controlOptions(kase, tableOf(kase, logits), trajectories)),
    );
    const [states, actions, active] = (['states', 'actions', 'active'] as const).map((key) =>
      trajectories[key].arraySync(),
    ) as [number[][], number[][], number[][]];
    const transition = denseOf(mdp.transition);
    for (const [i, path] of states.entries()) {
      let logJoint = Math.log(mdp.initial[path[0]!]!);
      let logPosterior = logJoint;
      for (let t = 0; t < horizon; t++) {
        if (active[i]![t] === 0) continue;
        const row = path[t]! * mdp.actionCount + actions[i]![t]!;
        const next = path[t + 1];
        const dynamics = next === undefined ? 0 : Math.log(transition[row * mdp.stateCount + next]!);
        logJoint += mdp.reward[row]! / temperature + dynamics;
        if (actionPrior === 'uniform') logJoint -= Math.log(mdp.actionCount);
        logPosterior += Math.log(policy[t * mdp.reward.length + row]!) + dynamics;
      }
      expect(actual[i]).toBeCloseTo(logJoint - logPosterior, 4);
    }
  });

  test('on each sample the forms differ by entropies less surprises, whose mean is zero', () => {
    const trajectories = sample(50);
    const options = controlOptions(kase, tableOf(kase, logits), trajectories);
    const difference = tf.sub(perStepControlElbo(options), trajectoryControlElbo(options));
    const surprise = tf.neg(options.policy.logProb(trajectories.actions));
    const compensator = tf.mul(tf.sub(options.policy.entropy(), surprise), trajectories.active);
    const expected = readTensor(tf.sum(compensator, 1));
    readTensor(difference).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });

  test.each(Object.entries(FORMS))('%s: the mean over all trajectories is the exact bound', (_, form) => {
    const { trajectories, weights } = enumerate(kase, policy);
    const values = readTensor(form(controlOptions(kase, tableOf(kase, logits), trajectories)));
    const mean = weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0);
    expect(mean).toBeCloseTo(exactElbo(kase, logits), 5);
  });

  test.each(Object.entries(FORMS))('%s: value and gradient are unbiased on samples', (_, form) => {
    const groups = 100;
    const table = tableOf(kase, logits);
    const bound = (table: tf.Tensor, seed: number): tf.Tensor =>
      tf.mean(form(controlOptions(kase, table, sample(50, seed))));
    const estimates = Array.from({ length: groups }, (_, seed) => {
      const { value, grad } = tf.valueAndGrad((table: tf.Tensor) => bound(table, seed))(table);
      return { value: readTensor(value)[0]!, gradient: readTensor(grad) };
    });
    const value = meanAndError(estimates.map(({ value }) => value));
    expect(Math.abs(value.mean - exactElbo(kase, logits))).toBeLessThan(6 * value.error);
    for (const i of logits.keys()) {
      const moved = (step: number) =>
        exactElbo(
          kase,
          logits.map((value, j) => (i === j ? value + step : value)),
        );
      const exact = (moved(1e-4) - moved(-1e-4)) / 2e-4;
      const { mean, error } = meanAndError(estimates.map(({ gradient }) => gradient[i]!));
      expect(Math.abs(mean - exact), `logit ${i}: ${mean} +- ${error} for ${exact}`).toBeLessThan(
        6 * error + 1e-6,
      );
      expect(error).toBeLessThan(0.03);
    }
  });
});

/** The policies of the variational backup at the first step, and its values: literal, to the digits given. */
const LITERALS = [
  {
    name: 'forest',
    mdp: forest(),
    horizon: 3,
    actionPrior: 'none',
    policy: [0.87832913, 0.98876376, 0.99943454],
    V: (3.81022134 + 7.19239636 + 11.18166213) / 3,
  },
  {
    name: 'lottery',
    mdp: lottery,
    horizon: 2,
    actionPrior: 'uniform',
    policy: [1 - 0.37754067],
    V: 0.7809298,
  },
] as const;

describe('learning from samples, on wasm', () => {
  beforeAll(() => selectBackend({ prefer: learningTestBackend }));

  test.each(LITERALS)(
    '$name: raising the bound leads to the variational policy, not the optimistic one',
    (literal) => {
      const kase: Case = { ...literal, temperature: 1 };
      const { mdp, horizon } = kase;
      const logits = tf.variable(tf.zeros([horizon, mdp.stateCount, mdp.actionCount]));
      const rng = Rng.fromSeed(1);
      const steps = 80;
      for (const learningRate of [0.1, 0.03, 0.01]) {
        const adam = new Adam([logits], { learningRate });
        for (let step = 0; step < steps; step++) {
          tf.tidy(() => {
            const policy = policyOf(readTensor(logits), mdp.actionCount);
            const trajectories = sampleTrajectories(mdp, { policy, horizon, trajectories: 300, rng });
            const loss = () =>
              tf.neg(tf.mean(perStepControlElbo(controlOptions(kase, logits, trajectories)))) as tf.Scalar;
            adam.step(lossAndGradients(loss, [logits]).gradients);
          });
        }
        adam.dispose();
      }
      const learned = readTensor(logits);
      const policy = policyOf(learned, mdp.actionCount);
      for (const [state, expected] of literal.policy.entries()) {
        expect(Math.abs(policy[state * mdp.actionCount]! - expected)).toBeLessThan(0.02);
      }
      const gap = literal.V - exactElbo(kase, learned);
      expect(gap).toBeGreaterThan(-1e-6);
      expect(gap).toBeLessThan(2e-3);
      logits.dispose();
    },
  );
});

describe('on any policy', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const options = () => ({
    policy: new Categorical(tf.zeros([4, 3, 2])),
    actions: tf.zeros([4, 3], 'int32'),
    rewards: tf.ones([4, 3]),
    temperature: 1,
  });

  test('a table for all steps is that table at each of them', () => {
    const states = tf.tensor2d([0, 1, 1, 0, 0, 1], [2, 3], 'int32');
    const table = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const repeated = tf.stack([table, table, table]);
    const [once, each] = [tabularPolicy(table, states), tabularPolicy(repeated, states)];
    expect(readTensor(once.logProbs())).toEqual(readTensor(each.logProbs()));
    expect(once.batchShape).toEqual([2, 3]);
  });

  test('the mean of the others as baseline takes noise out, and a single trajectory does without', () => {
    const { mdp, horizon } = CASES.forest!;
    const kase = CASES.forest!;
    const policy = policyOf(someLogits(kase), mdp.actionCount);
    const gradientOf = (rows: number[], draws: Trajectories): number => {
      const pick = (tensor: tf.Tensor2D): tf.Tensor2D => tf.gather(tensor, tf.tensor1d(rows, 'int32'));
      const { states, actions, rewards, active } = draws;
      const chosen = {
        states: pick(states),
        actions: pick(actions),
        rewards: pick(rewards),
        active: pick(active),
      };
      const gradient = tf.grad((table: tf.Tensor) =>
        tf.mean(trajectoryControlElbo(controlOptions(kase, table, chosen))),
      )(tableOf(kase, someLogits(kase)));
      return readTensor(gradient)[0]!;
    };
    const together: number[] = [];
    const alone: number[] = [];
    for (let seed = 0; seed < 80; seed++) {
      const draws = sampleTrajectories(mdp, { policy, horizon, trajectories: 4, rng: Rng.fromSeed(seed) });
      together.push(gradientOf([0, 1, 2, 3], draws));
      const each = [0, 1, 2, 3].map((row) => gradientOf([row], draws));
      alone.push(each.reduce((sum, value) => sum + value, 0) / 4);
    }
    expect(meanAndError(together).variance).toBeLessThan(0.5 * meanAndError(alone).variance);
  });

  test('a policy of continuous actions; without an entropy only the trajectory form', () => {
    const normal = new DiagonalNormal({ mean: tf.zeros([4, 3, 2]), logStd: tf.zeros([2]) });
    const squashed = new TanhNormal(normal);
    const actions = normal.sample(Rng.fromSeed(1));
    expect(trajectoryControlElbo({ ...options(), policy: normal, actions }).shape).toEqual([4]);
    const entropy = readTensor(perStepControlElbo({ ...options(), policy: normal, actions }));
    expect(entropy[0]).toBeCloseTo(3 * (1 + 1 + Math.log(2 * Math.PI)), 4);
    const bounded = { ...options(), policy: squashed, actions: squashed.sample(Rng.fromSeed(1)) };
    expect(trajectoryControlElbo(bounded).shape).toEqual([4]);
    expect(() => perStepControlElbo(bounded)).toThrow(NoClosedFormError);
  });

  test('refuses shapes and temperatures that do not fit', () => {
    for (const form of Object.values(FORMS)) {
      expect(() => form({ ...options(), policy: new Categorical(tf.zeros([3, 2])) })).toThrow(
        'policy: expected batch shape [trajectories, horizon], got [3]',
      );
      expect(() => form({ ...options(), rewards: tf.ones([4, 1]) })).toThrow('rewards: expected shape [4,3]');
      expect(() => form({ ...options(), active: tf.ones([4]) })).toThrow('active: expected shape [4,3]');
      expect(() => form({ ...options(), temperature: 0 })).toThrow('temperature: expected a positive number');
    }
    const states = tf.zeros<tf.Rank.R2>([2, 3], 'int32');
    expect(() => tabularPolicy(tf.zeros([4, 5, 2]), states)).toThrow(
      'logits: expected shape [states, actions] or [3, states, actions], got [4,5,2]',
    );
    expect(() =>
      sampleTrajectories(lottery, { policy: [1], horizon: 2, trajectories: 1, rng: Rng.fromSeed(1) }),
    ).toThrow('policy: expected 20 entries, got 1');
  });
});
