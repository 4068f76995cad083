import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  copySnapshot,
  type Environment,
  EnvironmentFaultError,
  InvalidInputError,
  Rng,
  snapshotsEqual,
} from '@maxent/core';
import { PointRobot, TimeLimit, TransformReward } from '@maxent/envs';
import { evaluate, MemoryRunStorage } from '@maxent/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { latentSpacePolicyConfig } from './config.js';
import { type FlowAgentDesign, latentSpaceAgents } from './flow-agent.js';
import { LevelStack } from './level-stack.js';
import { HillClimber } from './test-support/hill-climber.js';
import { small } from './test-support/small-agent.js';
import { type TrainHierarchyOptions, trainHierarchy } from './train-hierarchy.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

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
    // The distance is a positive reward; minus the distance is a negative one.
    expect(results[0]!.evaluations.at(-1)!.returnMean).toBeGreaterThan(0);
    expect(results[1]!.evaluations.at(-1)!.returnMean).toBeLessThan(0);
    // 20 steps of the environment, 3 at a time, and 2 the last time.
    expect(results[2]!.evaluations.at(-1)!.lengths).toEqual([7, 7]);
    stack.dispose();
  });

  it('needs only an environment, rewards and budgets', { timeout: 60_000 }, async () => {
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

  it('takes any agent that can train a flow policy, a different one for each level', async () => {
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
    const episodes: (readonly (number | undefined)[])[] = [];
    const whole = await trainHierarchy({
      ...mixed,
      listeners: [
        (event) => event.type === 'episode' && episodes.push([event.return, event.transformedReturn]),
      ],
    });
    expect(climbers).toHaveLength(2);
    expect(whole.results.map(({ updates }) => updates > 0)).toEqual([false, true, false]);
    // The climber has changed the lowest level, for the better.
    const [first, ...later] = whole.results[0]!.evaluations.map(({ returnMean }) => returnMean);
    expect(Math.max(...later)).toBeGreaterThan(first!);
    // 20 steps with reward 1, as 10 decisions of two steps: each gives the level's agent 1 + 0.5, by its own discount.
    expect(episodes.slice(-2)).toEqual([
      [20, 15],
      [20, 15],
    ]);
    expect(whole.results[2]!.evaluations.at(-1)!.returns).toEqual([20, 20]);
    const storages = [0, 1, 2].map(() => new MemoryRunStorage());
    const stored = { ...mixed, storageOf: (level: number) => storages[level]! };
    const short = await trainHierarchy({ ...stored, budgets: [60, 40, 10] });
    const resumed = await trainHierarchy({ ...stored, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('gives a stack that repeats the evaluation of its top level as one policy', async () => {
    // The top level's action is held for 3 steps of the middle one, and the middle one's for 2 steps of the lowest.
    const { stack, results } = await trainHierarchy({
      ...options(),
      views: [{ sees: { from: 0, to: 1 } }, { every: 2 }, { every: 3, sees: { from: 1, to: 2 } }],
    });
    const { step, returns, lengths } = results[2]!.evaluations.at(-1)!;
    // `train` starts the evaluation at each step from a seed of its own.
    const seed = Rng.fromSeed(3).split('training').split('evaluation').split(step).uint32();
    const evaluateStack = (levels: LevelStack) => {
      const own = new TransformReward(environment(), (reward) => 2 * reward, { definesTask: true });
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
    // Rates matter: 20 steps take 4 decisions of the top level.
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

  it('leaves a level as it is, whatever its budget, once another one builds on it', async () => {
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

  it('goes on in the level in which it was stopped', async () => {
    const two = { ...options(), rewards: [null, null], views: [{}, {}] };
    const whole = await trainHierarchy({ ...two, budgets: [60, 40] });
    const storages = [0, 1].map(() => new MemoryRunStorage());
    const stored = { ...two, storageOf: (level: number) => storages[level]! };
    // Stopped during the first level, which then goes on to its budget.
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

  it('needs a budget, and a view and an agent if given, for each reward', async () => {
    await expect(trainHierarchy({ ...options(), budgets: [1, 2] })).rejects.toThrow(InvalidInputError);
    await expect(trainHierarchy({ ...options(), views: [{}] })).rejects.toThrow(
      'views: expected one for each',
    );
    await expect(trainHierarchy({ ...options(), agent: [] })).rejects.toThrow('agent: expected one for each');
  });
});
