import { countTensors, readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  type ActOptions,
  type AgentContext,
  Box,
  type BoxArray,
  copySnapshot,
  defineAgent,
  Rng,
  SnapshotMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
// What the author of another package can import.
import {
  ActionScaling,
  type AgentPart,
  drawFromPrior,
  joinParts,
  Learner,
  networkPart,
  normalizationFields,
  rewardScalingField,
  type StepMetrics,
  TransitionReplay,
  updateScheduleFields,
} from '../index.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const config = z.object({
  discount: z.number().default(0),
  learningRate: z.number().default(1e-2),
  batchSize: z.int().default(32),
  replayCapacity: z.int().default(300),
  rewardScaling: rewardScalingField,
  ...updateScheduleFields,
  ...normalizationFields,
});

/** Learns r(s, a) of one step by regression, and acts by the better of a few fixed actions. */
class Bandit extends Learner<BoxArray, 'exploration' | 'replay'> {
  protected readonly experience: TransitionReplay;
  protected readonly learned: AgentPart;
  private readonly network: Mlp;
  private readonly optimizer: Adam;

  constructor({ ...context }: AgentContext, settings: z.output<typeof config>) {
    const actions = ActionScaling.of(context.actionSpace, 'bandit');
    const streams = ['exploration', 'replay'] as const;
    super(context, { name: 'bandit', streams, actions, config: settings, schedule: settings });
    const sizes = { observationSize: context.observationSpace.flatSize, actionSize: actions.size };
    const { replayCapacity: capacity, batchSize, learningRate } = settings;
    this.experience = new TransitionReplay({ ...sizes, capacity, batchSize, ...this.view });
    this.network = new Mlp({
      inputSize: sizes.observationSize + sizes.actionSize,
      hiddenSizes: [16],
      outputSize: 1,
      rng: context.rng.split('network'),
    });
    this.optimizer = new Adam([this.network.parameters], { learningRate });
    this.learned = joinParts('bandit', { network: networkPart(this.network), optimizer: this.optimizer });
  }

  act(observation: unknown, { deterministic, rng, environment }: ActOptions): BoxArray {
    this.seen.read(observation, 'act: observation');
    if (!deterministic) return drawFromPrior(this.actions, rng ?? this.streamIn('exploration', environment));
    const candidates = [-0.8, -0.4, 0, 0.4, 0.8];
    const values = candidates.map((candidate) =>
      tf.tidy(() => {
        const action = tf.fill([1, this.actions.size], candidate);
        return readTensor(this.network.apply(tf.concat([this.seen.tensor(), action], 1) as tf.Tensor2D))[0]!;
      }),
    );
    const best = candidates[values.indexOf(Math.max(...values))]!;
    return this.actions.decode(new Float32Array(this.actions.size).fill(best));
  }

  protected gradientStep(): StepMetrics {
    const { observations, actions, rewards } = this.experience.sample(this.streams.replay);
    const inputs = tf.concat([observations, actions], 1) as tf.Tensor2D;
    const { loss, gradients } = lossAndGradients(
      () => tf.mean(tf.square(tf.sub(tf.squeeze(this.network.apply(inputs), [1]), rewards))) as tf.Scalar,
      [this.network.parameters],
    );
    this.optimizer.step(gradients);
    return { loss };
  }

  /** What it learns from, made visible to the tests. */
  minibatch(): { observations: Float32Array; rewards: Float32Array } {
    const { observations, rewards } = this.experience.sample(Rng.fromSeed(1));
    return { observations: readTensor(observations), rewards: readTensor(rewards) };
  }
}

const bandit = defineAgent({
  name: 'bandit',
  description: 'Regression on rewards',
  config,
  severalEnvironments: true,
  create: (context, settings) => new Bandit(context, settings),
});

const observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2] });
const actionSpace = new Box({ low: [-1], high: [1] });
const scaled = { normalizeObservations: true, rewardScaling: true };

const make = (own: Partial<z.input<typeof config>> = {}, seed = 1) =>
  new Bandit(
    { observationSpace, actionSpace, rng: Rng.fromSeed(seed) },
    config.parse({ learningStarts: 10, ...own }),
  );

/** One entry is huge and far away, the other tiny; the reward says which action suits the tiny one. */
function feed(agent: Bandit, steps: number, rng: Rng): void {
  for (let i = 0; i < steps; i++) {
    const side = rng.uniform() < 0.5 ? -1 : 1;
    const observation = Float32Array.of(1e4 + 1e3 * rng.normal(), 1e-3 * side);
    const action = agent.act(observation, { deterministic: false });
    agent.observe({
      observation,
      action,
      reward: -300 * (action[0]! - 0.8 * side) ** 2,
      nextObservation: observation,
      terminated: i % 3 === 2,
      truncated: false,
    });
    agent.update();
  }
}

const statisticsOf = (agent: Bandit) => {
  const { arrays, metadata } = agent.save();
  const own = Object.entries(arrays).filter(([name]) =>
    /^(normalizeObservations|rewardScaling)\//.test(name),
  );
  return { arrays: own, metadata: [metadata.normalizeObservations, metadata.rewardScaling] };
};

describe('an agent written on Learner', () => {
  it.each([{}, scaled])('keeps every rule of the agent contract with %o', async (own) => {
    const report = await checkAgent(bandit, {
      config: { learningStarts: 5, ...own },
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  });

  it('learns from badly scaled numbers once they are scaled', () => {
    const solved = (own: object) => {
      const agent = make(own);
      feed(agent, 250, Rng.fromSeed(3));
      const best = [-1, 1].map(
        (side) => agent.act(Float32Array.of(1e4, 1e-3 * side), { deterministic: true })[0]!,
      );
      agent.dispose();
      return best[0]! < -0.3 && best[1]! > 0.3;
    };
    expect(solved(scaled)).toBe(true);
    expect(solved({})).toBe(false);
  });

  it('keeps raw values, and scales them by the current statistics when drawn', () => {
    const agent = make(scaled);
    feed(agent, 30, Rng.fromSeed(3));
    const rows = agent.save().rows!.replay!.read(0, 30);
    expect(Math.min(...rows.observation!.filter((_, i) => i % 2 === 0))).toBeGreaterThan(1000);
    expect(Math.min(...rows.reward!)).toBeLessThan(-100);
    const before = agent.minibatch();
    const { divisor } = { divisor: agent.update().metrics().rewardDivisor! };
    // The rows of the same draws, as they are stored.
    const raw = make();
    const { normalizeObservations: _, rewardScaling: __, ...metadata } = agent.save().metadata;
    const arrays = Object.fromEntries(
      Object.entries(agent.save().arrays).filter(([name]) => !/^(normalize|reward)/.test(name)),
    );
    raw.load({ arrays, rows: agent.save().rows!, metadata });
    const kept = raw.minibatch();
    const { mean, variance } = Object.fromEntries(
      ['mean', 'variance'].map((name) => [name, agent.save().arrays[`normalizeObservations/${name}`]!.data]),
    ) as Record<'mean' | 'variance', Float64Array>;
    kept.observations.forEach((value, k) => {
      const expected = (value - mean[k % 2]!) / Math.sqrt(variance[k % 2]! + 1e-8);
      expect(before.observations[k]).toBeCloseTo(expected, 4);
    });
    kept.rewards.forEach((value, k) => void expect(before.rewards[k]! * divisor).toBeCloseTo(value, 2));
    // Old rows are scaled by the new statistics.
    for (let i = 0; i < 30; i++) {
      const observation = Float32Array.of(-1e5, 1);
      const flags = { terminated: false, truncated: false };
      agent.observe({
        observation,
        action: [0],
        reward: 1e4,
        nextObservation: observation,
        ...flags,
      } as never);
    }
    const after = agent.minibatch();
    expect(Math.max(...after.rewards.map(Math.abs))).not.toBe(Math.max(...before.rewards.map(Math.abs)));
    for (const each of [agent, raw]) each.dispose();
  });

  it('leaves statistics alone during evaluation', () => {
    const agent = make(scaled);
    feed(agent, 30, Rng.fromSeed(3));
    const before = statisticsOf(agent);
    const rng = Rng.fromSeed(4);
    for (let i = 0; i < 10; i++) {
      agent.act(Float32Array.of(i, -i), { deterministic: true });
      agent.act(Float32Array.of(i, -i), { deterministic: false, rng });
      agent.update();
    }
    expect(statisticsOf(agent)).toEqual(before);
    agent.dispose();
  });

  it('refuses a transition without a change of statistics, and names the step of a reward beyond float32', () => {
    const agent = make(scaled);
    feed(agent, 30, Rng.fromSeed(3));
    const before = copySnapshot(agent.save());
    const good = { observation: [1, 2], action: [0], reward: 1, nextObservation: [1, 2] };
    const observe = (change: object) => () =>
      agent.observe({ ...good, terminated: false, truncated: false, ...change } as never);
    expect(observe({ reward: 1e39 })).toThrow('observe: reward: 1e+39 at step 31 is too large for float32');
    expect(observe({ reward: Number.NaN })).toThrow('expected a finite number at step 31');
    expect(observe({ nextObservation: [1] })).toThrow('observe: nextObservation');
    expect(observe({ action: [Number.NaN] })).toThrow('observe: action');
    expect(snapshotsEqual(agent.save(), before)).toBe(true);
    agent.dispose();
  });

  it('returns to its own environments when the snapshot of others does not fit', () => {
    const agent = make(scaled);
    const other = make(scaled, 2);
    const inEnvironment = (one: Bandit, environment: number, rng: Rng) => {
      const observation = Float32Array.of(rng.normal(), rng.normal());
      const action = one.act(observation, { deterministic: false, environment });
      const flags = { terminated: false, truncated: false };
      one.observe({
        observation,
        action,
        reward: rng.normal(),
        nextObservation: observation,
        ...flags,
        environment,
      });
    };
    const rng = Rng.fromSeed(5);
    for (const environment of [0, 2, 1]) inEnvironment(agent, environment, rng);
    for (const environment of [0, 4]) inEnvironment(other, environment, rng);
    const before = copySnapshot(agent.save());
    expect(Object.keys(before.metadata.explorationRngs as object)).toEqual(['1', '2']);
    const saved = copySnapshot(other.save());
    const { explorationRngs: _, ...metadata } = saved.metadata;
    for (const [spoiled, message] of [
      [{ ...metadata, explorationRngs: { 4: {} } }, 'rng.algorithm: expected "philox4x32-10"'],
      [
        { ...metadata, explorationRngs: 4 },
        'bandit: explorationRngs: expected an object with the indices of',
      ],
      [
        { ...saved.metadata, rewardScaling: { runningReturn: 0, largestReturn: 0, runningReturns: 1 } },
        'runningReturns',
      ],
    ] as const) {
      expect(() => agent.load({ ...saved, metadata: spoiled as never })).toThrow(SnapshotMismatchError);
      expect(() => agent.load({ ...saved, metadata: spoiled as never })).toThrow(message);
      expect(snapshotsEqual(agent.save(), before)).toBe(true);
    }
    agent.load(saved);
    expect(snapshotsEqual(agent.save(), saved)).toBe(true);
    for (const each of [agent, other]) each.dispose();
  });

  it.each([
    ['normalizeObservations', scaled, { rewardScaling: true }],
    ['rewardScaling', { normalizeObservations: true }, scaled],
  ])('is not loaded where %s is set otherwise, and stays as it was', (setting, saved, own) => {
    const [first, second] = [make(saved), make(own, 2)];
    for (const agent of [first, second]) feed(agent, 20, Rng.fromSeed(3));
    const before = copySnapshot(second.save());
    expect(() => second.load(first.save())).toThrow(SnapshotMismatchError);
    expect(() => second.load(first.save())).toThrow(`bandit: the snapshot was saved with ${setting}`);
    expect(snapshotsEqual(second.save(), before)).toBe(true);
    for (const agent of [first, second]) agent.dispose();
  });
});
