import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  type BoxArray,
  type Environment,
  InvalidInputError,
  type ResetOptions,
  Rng,
  SpaceMismatchError,
} from '@maxent/core';
import { checkEnvironment } from '@maxent/core/testing';
import { EnvironmentWrapper, PointRobot, TimeLimit } from '@maxent/envs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedPolicy } from './embed-policy.js';
import { FlowPolicy, type FlowPolicyOptions } from './flow-policy.js';
import { FrozenPolicy } from './frozen-policy.js';
import { SeePart } from './observation-part.js';
import { randomize } from './test-support/randomize.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const point = (steps = 20): Environment =>
  new TimeLimit(
    new PointRobot({ goal: { x: 1, y: 0 }, randomStart: true, reward: 'dense', goalRadius: 0.2 }),
    steps,
  );
const { actionSpace } = point();

/** An environment whose episodes terminate after a given number of steps. */
class EndsAfter extends EnvironmentWrapper<unknown, unknown> {
  private count = 0;

  constructor(
    inner: Environment,
    private readonly steps: number,
  ) {
    super(inner);
  }

  override reset(options?: ResetOptions) {
    this.count = 0;
    return super.reset(options);
  }

  override step(action: unknown) {
    this.count += 1;
    return { ...super.step(action), terminated: this.count === this.steps };
  }
}

function flow(options: Partial<FlowPolicyOptions> = {}): FlowPolicy {
  return new FlowPolicy({
    observationSize: 2,
    actionSize: 2,
    hiddenSizes: [8],
    couplingLayers: 2,
    couplingHiddenSize: 4,
    maximumLogScale: 2,
    squashed: true,
    rng: Rng.fromSeed(1),
    ...options,
  });
}

const latents = (count: number, scale = 1) => {
  const rng = Rng.fromSeed(3);
  return Array.from({ length: count }, () => Float32Array.of(rng.normal(0, scale), rng.normal(0, scale)));
};

describe('embedPolicy', () => {
  it.each([1, 3])('keeps the contract of environments when acting every %i steps', async (every) => {
    const policy = FrozenPolicy.of(randomize(flow(), 0.5), actionSpace);
    await checkEnvironment(() => embedPolicy(point(), policy, { every, discount: 0.9 }), {
      name: 'embedded',
      steps: 30,
    });
  });

  it('reproduces the environment step for step with the identity', () => {
    const original = point();
    const embedded = embedPolicy(point(), FrozenPolicy.of(flow({ squashed: false }), actionSpace));
    expect(embedded.reset({ seed: 4 })).toEqual(original.reset({ seed: 4 }));
    for (const action of latents(20, 0.05)) {
      const { duration, ...step } = embedded.step(action);
      expect(step).toEqual(original.step(action));
      expect(duration).toBe(1);
    }
  });

  it('applies a known affine map exactly', () => {
    // Only the output biases of the two couplings are not 0: a_i = h_i exp(s_i) + t_i in every state.
    const policy = flow({ squashed: false });
    const [s, t] = [
      [0.5, -0.25],
      [0.01, 0.02],
    ] as const;
    for (const [i, variable] of policy.variables.slice(1).entries()) {
      const values = new Float32Array(variable.size);
      values.set([2 * Math.atanh(s[i]! / 2), t[i]!], variable.size - 2);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
    const frozen = FrozenPolicy.of(policy, actionSpace);
    const original = point();
    const embedded = embedPolicy(point(), frozen);
    let { observation } = original.reset({ seed: 4 });
    embedded.reset({ seed: 4 });
    for (const latent of latents(20, 0.03)) {
      const expected = latent.map((h, i) => Math.fround(h * Math.exp(s[i]!) + t[i]!));
      const action = frozen.act(latent, Float32Array.from(observation as BoxArray));
      for (const i of [0, 1]) expect(action[i]).toBeCloseTo(expected[i]!, 7);
      const result = original.step(action);
      expect(embedded.step(latent).observation).toEqual(result.observation);
      observation = result.observation;
    }
  });

  it('moves like the policy itself when latents are drawn from the prior', () => {
    const policy = randomize(flow(), 0.5);
    const frozen = FrozenPolicy.of(policy, actionSpace);
    const draws = 4000;
    const start = () => {
      const environment = point();
      environment.reset({ seed: 4 });
      return environment;
    };
    // One step from the same state, with actions from the policy and with latents from the prior.
    const { observation } = point().reset({ seed: 4 });
    const state = Float32Array.from(observation as BoxArray);
    const actions = tf.tidy(() => {
      const states = tf.tile(tf.tensor2d(state, [1, 2]), [draws, 1]) as tf.Tensor2D;
      return policy.at(states).sample(Rng.fromSeed(11)).action.arraySync();
    });
    const own = start();
    const ownState = own.getState!();
    const direct = actions.map((cube) => {
      own.setState!(ownState);
      return (own.step(Float32Array.from(cube, (value) => value * 0.1)).observation as BoxArray)[0]!;
    });
    const embedded = embedPolicy(point(), frozen);
    embedded.reset({ seed: 4 });
    const embeddedState = embedded.getState!();
    const rng = Rng.fromSeed(12);
    const through = actions.map(() => {
      embedded.setState!(embeddedState);
      return (embedded.step(Float32Array.of(rng.normal(), rng.normal())).observation as BoxArray)[0]!;
    });
    // Kolmogorov-Smirnov at a level of about 0.001.
    expect(kolmogorovSmirnov(direct, through)).toBeLessThan(1.95 * Math.sqrt(2 / draws));
  });

  it.each([
    ['is cut off', 'truncated', () => point(7)],
    ['terminates', 'terminated', () => new EndsAfter(point(), 7)],
  ] as const)(
    'holds a latent for several steps, sums their discounted rewards, and stops when the episode %s',
    (_, end, make) => {
      const frozen = FrozenPolicy.of(randomize(flow(), 0.5), actionSpace);
      const every = 3;
      const embedded = embedPolicy(make(), frozen, { every, discount: 0.5 });
      const original = make();
      let { observation } = original.reset({ seed: 4 });
      embedded.reset({ seed: 4 });
      const durations: (number | undefined)[] = [];
      for (const latent of latents(3)) {
        let reward = 0;
        let paid = 0;
        let last = { terminated: false, truncated: false };
        for (let i = 0; i < every && !last[end]; i++) {
          // A held latent is a new action in each state.
          const result = original.step(frozen.act(latent, Float32Array.from(observation as BoxArray)));
          reward += 0.5 ** i * result.reward;
          paid += result.reward;
          observation = result.observation;
          last = result;
        }
        const step = embedded.step(latent);
        expect(step.reward).toBeCloseTo(reward, 12);
        // The environment's plain reward is reported next to the learner's.
        expect(step.originalReward).toBeCloseTo(paid, 12);
        expect(step.observation).toEqual(observation);
        expect([step.terminated, step.truncated]).toEqual([last.terminated, last.truncated]);
        expect(step[end]).toBe(durations.length === 2);
        durations.push(step.duration);
      }
      expect(durations).toEqual([3, 3, 1]);
    },
  );

  it('counts steps and discount through two levels', () => {
    const lower = FrozenPolicy.of(randomize(flow(), 0.5), actionSpace);
    const upper = FrozenPolicy.of(
      randomize(flow({ squashed: false }), 0.3, 8),
      new Box({ low: -Infinity, high: Infinity, shape: [2] }),
    );
    const middle = () => embedPolicy(point(), lower, { every: 2, discount: 0.9 });
    const top = embedPolicy(middle(), upper, { every: 2, discount: 0.9 });
    top.reset({ seed: 4 });
    const [latent] = latents(1);
    const step = top.step(latent!);
    expect(step.duration).toBe(4);
    const reference = middle();
    const state = Float32Array.from(reference.reset({ seed: 4 }).observation as BoxArray);
    const first = reference.step(upper.act(latent!, state));
    const second = reference.step(upper.act(latent!, Float32Array.from(first.observation as BoxArray)));
    expect(step.reward).toBeCloseTo(first.reward + 0.9 ** 2 * second.reward, 12);
  });

  it('shows the policy its part of the observation', () => {
    const frozen = FrozenPolicy.of(randomize(flow({ observationSize: 1 }), 0.5), actionSpace);
    const environment = point();
    const embedded = embedPolicy(point(), frozen, { sees: { from: 1, to: 2 } });
    embedded.reset({ seed: 4 });
    const { observation } = environment.reset({ seed: 4 });
    const [latent] = latents(1);
    const action = frozen.act(latent!, Float32Array.of((observation as BoxArray)[1]!));
    expect(embedded.step(latent!).observation).toEqual(environment.step(action).observation);
    const part = new SeePart(point(), { from: 1, to: 2 });
    expect(part.observationSpace.shape).toEqual([1]);
    expect(part.reset({ seed: 4 }).observation).toEqual(Float32Array.of((observation as BoxArray)[1]!));
  });

  it('refuses a policy that does not fit the environment', () => {
    const frozen = FrozenPolicy.of(flow(), actionSpace);
    expect(() => embedPolicy(point(), frozen, { sees: { from: 0, to: 1 } })).toThrow(SpaceMismatchError);
    expect(() => embedPolicy(point(), frozen, { sees: { from: 1, to: 3 } })).toThrow(
      'sees: expected whole numbers',
    );
    expect(() => embedPolicy(embedPolicy(point(), frozen), frozen)).toThrow(
      'embedPolicy: the policy acts in',
    );
    expect(() => embedPolicy(point(), frozen, { every: 0 })).toThrow(InvalidInputError);
    expect(() => embedPolicy(point(), frozen, { discount: 1.5 })).toThrow('discount:');
  });
});

function kolmogorovSmirnov(a: number[], b: number[]): number {
  const sorted = [a, b].map((values) => Float64Array.from(values).sort());
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (sorted[0]![i]! <= sorted[1]![j]!) i++;
    else j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

describe('a latent or observation that does not fit', () => {
  const frozen = () => FrozenPolicy.of(flow(), actionSpace);

  it.each([[0.5], [[0]], [new Float32Array(4)], [undefined]])(
    'is refused by a frozen policy: %o',
    (value) => {
      const policy = frozen();
      const good = Float32Array.of(0, 0);
      expect(() => policy.act(value as never, good)).toThrow(/^act: latent: /);
      expect(() => policy.act(good, value as never)).toThrow(/^act: observation: /);
      expect(() => policy.latentOf(value as never, good)).toThrow(/^latentOf: action: /);
      expect(() => policy.latentOf(good, value as never)).toThrow(SpaceMismatchError);
      policy.dispose();
    },
  );

  it('is refused if only a part of it is seen', () => {
    const inner = point();
    inner.reset = () => ({ observation: [0], info: {} });
    expect(() => new SeePart(inner, { from: 0, to: 1 }).reset()).toThrow(
      /^observation: expected a flat list of 2/,
    );
  });
});
