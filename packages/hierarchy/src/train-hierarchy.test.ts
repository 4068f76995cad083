import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  type Environment,
  EnvironmentFaultError,
  InvalidInputError,
  Rng,
  snapshotsEqual,
  type Transition,
} from '@maxent/core';
import { checkAgent, checkPlugin } from '@maxent/core/testing';
import { PointRobot, TimeLimit, TransformReward } from '@maxent/envs';
import { evaluate, MemoryRunStorage } from '@maxent/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { latentSpacePolicyConfig } from './config.js';
import { type FlowAgentDesign, LatentSpaceAgent, latentSpaceAgents } from './flow-agent.js';
import { LevelStack } from './level-stack.js';
import { hierarchyPlugin, latentSpacePolicy } from './plugin.js';
import { HillClimber } from './test-support/hill-climber.js';
import { type TrainHierarchyOptions, trainHierarchy } from './train-hierarchy.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const small = {
  hiddenSizes: [8],
  couplingHiddenSize: 4,
  batchSize: 16,
  learningStarts: 5,
  replayCapacity: 30,
};
const unbounded = new Box({ low: -Infinity, high: Infinity, shape: [3] });

describe('LatentSpaceAgent', () => {
  it.each([
    ['bounded actions', new Box({ low: [-2, 0], high: [2, 1] })],
    ['one action', new Box({ low: [-2], high: [2] })],
    ['latents', unbounded],
  ])('keeps every rule of the agent contract with %s', async (_, actionSpace) => {
    const report = await checkAgent(latentSpacePolicy, {
      config: small,
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace,
      countTensors: () => tf.memory().numTensors,
    });
    expect(report.skipped).toEqual([]);
  });

  it('the plugin is well formed', async () => {
    await checkPlugin(hierarchyPlugin);
  });

  const observationSpace = new Box({ low: -1, high: 1, shape: [1] });
  const quick = {
    hiddenSizes: [32],
    couplingHiddenSize: 16,
    batchSize: 64,
    learningStarts: 50,
    actorLearningRate: 5e-3,
    criticLearningRate: 5e-3,
    temperatureLearningRate: 2e-2,
  };

  /** A one-step problem whose reward is a function of the action. */
  function learn(
    agent: LatentSpaceAgent,
    steps: number,
    reward: (action: ArrayLike<number>) => number,
  ): void {
    const rng = Rng.fromSeed(7);
    for (let i = 0; i < steps; i++) {
      const observation = observationSpace.sample(rng);
      const action = agent.act(observation, { deterministic: false });
      const flags = { nextObservation: observation, terminated: true, truncated: false };
      agent.observe({ observation, action, reward: reward(action), ...flags } as Transition);
      agent.update();
    }
  }

  it('weighs reward against the divergence from N(0, I) on latents', { timeout: 120_000 }, () => {
    // p(h) proportional to N(h; 0, 1) exp(-(h - 2)^2 / 2 / 0.5) is N(4/3, 1/3) in every entry, and
    // KL(p || N(0, 1)) = (1/3 + 16/9 - 1 + log 3) / 2.
    const actionSpace = new Box({ low: -Infinity, high: Infinity, shape: [2] });
    const config = latentSpacePolicyConfig.parse({ ...quick, temperature: 0.5 });
    const agent = new LatentSpaceAgent({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
    learn(agent, 1200, (h) => -0.5 * ((h[0]! - 2) ** 2 + (h[1]! - 2) ** 2));
    const action = agent.act(Float32Array.of(0), { deterministic: true });
    for (const i of [0, 1]) expect(Math.abs(action[i]! - 4 / 3)).toBeLessThan(0.2);
    const divergence = 1 / 3 + 16 / 9 - 1 + Math.log(3);
    expect(Math.abs(-agent.update().metrics().entropy! - divergence)).toBeLessThan(0.5);
    agent.dispose();
  });

  it('explores latents by their prior', () => {
    const config = latentSpacePolicyConfig.parse({ ...small, learningStarts: 2000 });
    const agent = new LatentSpaceAgent(
      { observationSpace, actionSpace: unbounded, rng: Rng.fromSeed(1) },
      config,
    );
    const draws = Array.from(
      { length: 1500 },
      () => agent.act(Float32Array.of(0), { deterministic: false })[0]!,
    );
    const mean = draws.reduce((sum, h) => sum + h, 0) / draws.length;
    const square = draws.reduce((sum, h) => sum + h * h, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(square - 1)).toBeLessThan(0.15);
    agent.dispose();
  });

  // By default the divergence is what lies between SAC's target entropy -d and the uniform distribution on [-1, 1]^d,
  // whose entropy is d log 2.
  it.each([
    [1, -1, 1],
    [1, 'auto', 1 + Math.log(2)],
    [2, 'auto', 2 + 2 * Math.log(2)],
  ] as const)(
    'learns a temperature for the target divergence: %i latents, target entropy %s',
    { timeout: 120_000 },
    (size, targetEntropy, divergence) => {
      const actionSpace = new Box({ low: -Infinity, high: Infinity, shape: [size] });
      const config = latentSpacePolicyConfig.parse({ ...quick, targetEntropy });
      const agent = new LatentSpaceAgent({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
      learn(agent, 1000, (h) => -0.5 * [...Array(size).keys()].reduce((sum, i) => sum + (h[i]! - 2) ** 2, 0));
      expect(Math.abs(-agent.update().metrics().entropy! - divergence)).toBeLessThan(0.35);
      agent.dispose();
    },
  );

  it('refuses a target entropy above 0 on latents, as no divergence is negative', () => {
    const make = (actionSpace: Box, targetEntropy: number) =>
      new LatentSpaceAgent(
        { observationSpace, actionSpace, rng: Rng.fromSeed(1) },
        latentSpacePolicyConfig.parse({ ...small, targetEntropy }),
      );
    const before = tf.memory().numTensors;
    expect(() => make(unbounded, 0.5)).toThrow('config.targetEntropy: expected at most 0 on an upper level');
    expect(tf.memory().numTensors).toBe(before);
    make(unbounded, 0).dispose();
    // In the cube [-1, 1]^3 entropies go up to 3 log 2.
    make(new Box({ low: -1, high: 1, shape: [3] }), 0.5).dispose();
  });

  it('bootstraps with the discount to the power of the duration', { timeout: 120_000 }, () => {
    // Reward 1 at every step of duration k, for ever: the value is 1 / (1 - discount^k).
    const value = (duration: number) => {
      const config = latentSpacePolicyConfig.parse({
        ...quick,
        // Keeps the policy at its prior, where the divergence costs nothing.
        temperature: 1,
        discount: 0.7,
        targetRate: 0.1,
      });
      const agent = new LatentSpaceAgent(
        { observationSpace, actionSpace: unbounded, rng: Rng.fromSeed(1) },
        config,
      );
      const rng = Rng.fromSeed(7);
      for (let i = 0; i < 400; i++) {
        const observation = observationSpace.sample(rng);
        const action = agent.act(observation, { deterministic: false });
        const next = { nextObservation: observation, terminated: false, truncated: false };
        agent.observe({ observation, action, reward: 1, duration, ...next } as Transition);
        agent.update();
      }
      const { meanTarget } = agent.update().metrics();
      agent.dispose();
      return meanTarget!;
    };
    expect(Math.abs(value(1) - 1 / 0.3)).toBeLessThan(0.2);
    expect(Math.abs(value(3) - 1 / (1 - 0.343))).toBeLessThan(0.1);
  });
});

describe('trainHierarchy', () => {
  const environment = (): Environment =>
    new TimeLimit(
      new PointRobot({ goal: { x: 1, y: 0 }, randomStart: true, reward: 'dense', goalRadius: 0.2 }),
      20,
    );
  const options = (): TrainHierarchyOptions => ({
    environment,
    rewards: [(_, { info }) => Number(info.distance), null, (reward) => 2 * reward],
    budgets: [60, 40, 20],
    views: [{ sees: { from: 0, to: 1 } }, {}, { every: 3 }],
    agent: latentSpaceAgents(latentSpacePolicyConfig.parse({ ...small, learningStarts: 10 })),
    seed: 3,
    evaluation: { every: 20, episodes: 2 },
    logEvery: 20,
    checkpointEvery: 20,
  });

  it('trains each level on its reward, with what it sees and at its rate, on the levels below', async () => {
    const storages = [0, 1, 2].map(() => new MemoryRunStorage());
    const { stack, results } = await trainHierarchy({ ...options(), storageOf: (level) => storages[level]! });
    expect(results.map(({ steps, outcome }) => [steps, outcome])).toEqual([
      [60, 'completed'],
      [40, 'completed'],
      [20, 'completed'],
    ]);
    expect(stack.levels.map(({ sees, every }) => [sees, every])).toEqual([
      [{ from: 0, to: 1 }, 1],
      [null, 1],
      [null, 3],
    ]);
    // The distance is a positive reward, its negative a negative one.
    expect(results[0]!.evaluations.at(-1)!.returnMean).toBeGreaterThan(0);
    expect(results[1]!.evaluations.at(-1)!.returnMean).toBeLessThan(0);
    // 20 steps of the environment, 3 at a time, the last time 2.
    expect(results[2]!.evaluations.at(-1)!.lengths).toEqual([7, 7]);
    stack.dispose();
  });

  it('needs no more than an environment, rewards and budgets', { timeout: 60_000 }, async () => {
    const needed = { environment, rewards: [null, null], budgets: [30, 20] };
    const short = await trainHierarchy(needed);
    const whole = await trainHierarchy({
      ...needed,
      views: [
        { sees: null, every: 1 },
        { sees: null, every: 1 },
      ],
      agent: latentSpaceAgents(latentSpacePolicyConfig.parse({})),
      seed: 1,
      evaluation: { every: 5000, episodes: 10 },
      logEvery: 1000,
      checkpointEvery: 5000,
    });
    expect(short.results.map(({ evaluations }) => evaluations)).toEqual(
      whole.results.map(({ evaluations }) => evaluations),
    );
    expect(short.results.map(({ steps }) => steps)).toEqual([30, 20]);
    expect(snapshotsEqual(short.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [short, whole]) stack.dispose();
  });

  it('takes any agent that can train a flow policy, one for each level', async () => {
    const climbers: HillClimber[] = [];
    const climb: FlowAgentDesign = {
      discount: 0.5,
      create: (context) => {
        const climber = new HillClimber(context);
        climbers.push(climber);
        return climber;
      },
    };
    const ofGradients = options().agent as FlowAgentDesign;
    const mixed = {
      ...options(),
      rewards: [null, null, () => 1],
      views: [{ sees: { from: 0, to: 1 } }, {}, { every: 2 }],
      agent: [climb, ofGradients, climb],
    };
    const episodes: number[] = [];
    const whole = await trainHierarchy({
      ...mixed,
      listeners: [(event) => event.type === 'episode' && episodes.push(event.return)],
    });
    expect(climbers).toHaveLength(2);
    expect(whole.results.map(({ updates }) => updates > 0)).toEqual([false, true, false]);
    // The lowest level has been changed by its climber, for the better.
    const [first, ...later] = whole.results[0]!.evaluations.map(({ returnMean }) => returnMean);
    expect(Math.max(...later)).toBeGreaterThan(first!);
    // 10 decisions of two steps, each 1 + 0.5: the discount is the one of the level's own agent.
    expect(episodes.slice(-2)).toEqual([15, 15]);
    expect(whole.results[2]!.evaluations.at(-1)!.returns).toEqual([20, 20]);
    const storages = [0, 1, 2].map(() => new MemoryRunStorage());
    const stored = { ...mixed, storageOf: (level: number) => storages[level]! };
    const short = await trainHierarchy({ ...stored, budgets: [60, 40, 10] });
    const resumed = await trainHierarchy({ ...stored, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('gives a stack that repeats the evaluation of its top level as one policy', async () => {
    // The top level is held for 3 steps of the middle one, and that for 2 of the lowest.
    const { stack, results } = await trainHierarchy({
      ...options(),
      views: [{ sees: { from: 0, to: 1 } }, { every: 2 }, { every: 3, sees: { from: 1, to: 2 } }],
    });
    const { step, returns, lengths } = results[2]!.evaluations.at(-1)!;
    // `train` starts the evaluation at each step from a seed of its own.
    const seed = Rng.fromSeed(3).split('training').split('evaluation').split(step).uint32();
    const evaluateStack = (levels: LevelStack) => {
      const own = new TransformReward(environment(), (reward) => 2 * reward);
      const embedded = levels.embedIn(own);
      const policy = { act: () => new Float32Array(2) };
      return evaluate({ policy, environment: embedded, episodes: 2, seed, deterministic: true });
    };
    const copy = LevelStack.load(copySnapshot(stack.save()));
    for (const levels of [stack, copy]) {
      const repeated = await evaluateStack(levels);
      expect(repeated.returns).toEqual(returns);
      expect(repeated.lengths).toEqual(lengths);
    }
    // Rates matter: 20 steps are 4 decisions of the top level.
    expect(lengths).toEqual([4, 4]);
    const quicker = new LevelStack(stack.levels.map((level) => ({ ...level, every: 1 })));
    expect((await evaluateStack(quicker)).returns).not.toEqual(returns);
    for (const levels of [stack, copy]) levels.dispose();
  });

  it('resumes to the same numbers', async () => {
    const whole = await trainHierarchy(options());
    const storages = [0, 1, 2].map(() => new MemoryRunStorage());
    const stored = { ...options(), storageOf: (level: number) => storages[level]! };
    const short = await trainHierarchy({ ...stored, budgets: [60, 40, 10] });
    const resumed = await trainHierarchy({ ...stored, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    expect(resumed.results[2]!.evaluations).toEqual(whole.results[2]!.evaluations);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('leaves a level as it is, whatever its budget, once another one stands on it', async () => {
    const whole = await trainHierarchy(options());
    const storages = [0, 1, 2].map(() => new MemoryRunStorage());
    const stored = { ...options(), storageOf: (level: number) => storages[level]! };
    const short = await trainHierarchy({ ...stored, budgets: [60, 40, 10] });
    const resumed = await trainHierarchy({ ...stored, budgets: [100, 60, 20], resume: true });
    expect(resumed.results.map(({ steps }) => steps)).toEqual([60, 40, 20]);
    expect(resumed.results.map(({ evaluations }) => evaluations)).toEqual(
      whole.results.map(({ evaluations }) => evaluations),
    );
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
    storages[0] = new MemoryRunStorage();
    await expect(trainHierarchy({ ...stored, resume: true })).rejects.toThrow(
      'resume: level 2 has a checkpoint, but level 0',
    );
  });

  it('goes on in the level that it was stopped in', async () => {
    const two = { ...options(), rewards: [null, null], views: [{}, {}] };
    const whole = await trainHierarchy({ ...two, budgets: [60, 40] });
    const storages = [0, 1].map(() => new MemoryRunStorage());
    const stored = { ...two, storageOf: (level: number) => storages[level]! };
    // Stopped during its first level, which so goes on to its budget.
    const stop = new AbortController();
    const short = await trainHierarchy({
      ...stored,
      budgets: [60, 40],
      signal: stop.signal,
      listeners: [(event) => event.type === 'evaluation' && event.evaluation.step === 20 && stop.abort()],
    });
    expect(short.results.map(({ steps, outcome }) => [steps, outcome])).toEqual([[20, 'interrupted']]);
    const resumed = await trainHierarchy({ ...stored, budgets: [60, 40], resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('keeps no level when a later one fails', async () => {
    const before = tf.memory().numTensors;
    const failing = { ...options(), rewards: [null, () => Number.NaN, null] };
    await expect(trainHierarchy(failing)).rejects.toThrow(EnvironmentFaultError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('wants a budget, and a view and an agent if given, for each reward', async () => {
    await expect(trainHierarchy({ ...options(), budgets: [1, 2] })).rejects.toThrow(InvalidInputError);
    await expect(trainHierarchy({ ...options(), views: [{}] })).rejects.toThrow(
      'views: expected one for each',
    );
    await expect(trainHierarchy({ ...options(), agent: [] })).rejects.toThrow('agent: expected one for each');
  });
});
