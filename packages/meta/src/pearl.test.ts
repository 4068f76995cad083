import { countTensors, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  copySnapshot,
  parseConfig,
  Rng,
  SnapshotMismatchError,
  snapshotsEqual,
  type TaskFamily,
} from '@maxent/core';
import { pointRobotFamily, sparsePointRobotFamily } from '@maxent/envs';
import { agentSnapshot, MemoryRunStorage, type MetaTrainOptions, metaTrain } from '@maxent/training';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PearlConfig, pearlConfig } from './config.js';
import { Pearl } from './pearl.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const small: Partial<PearlConfig> = {
  hiddenSizes: [16],
  encoderHiddenSizes: [16],
  metaBatchSize: 3,
  batchSize: 8,
  contextSize: 10,
  initialSteps: 20,
  priorSteps: 20,
  posteriorSteps: 20,
  extraSteps: 20,
  tasksPerIteration: 2,
  updatesPerIteration: 30,
  replayCapacity: 200,
};

const family = pointRobotFamily.create(parseConfig(pointRobotFamily.options, {}));
const sparse = sparsePointRobotFamily.create(parseConfig(sparsePointRobotFamily.options, {}));

async function setup(overrides: Partial<PearlConfig> = {}, of: typeof family | typeof sparse = family) {
  const tasks = await of;
  const split = tasks.split({ trainCount: 4, testCount: 2, seed: 5 });
  const { observationSpace, actionSpace } = await tasks.create(split.train[0]!);
  const make = (seed = 1) =>
    new Pearl(
      {
        observationSpace,
        actionSpace,
        rng: Rng.fromSeed(seed),
        tasks: split.train.map((task) => tasks.descriptor(task)),
      },
      pearlConfig.parse({ ...small, ...overrides }),
    );
  const schedule: Omit<MetaTrainOptions, 'agent' | 'steps'> = {
    family: tasks,
    split,
    seed: 3,
    evaluation: { every: 150, episodes: 3, explorationEpisodes: 2 },
    logEvery: 50,
    checkpointEvery: 70,
  };
  return { make, schedule };
}

describe('Pearl', () => {
  it.each<Partial<PearlConfig>>([
    {},
    { valueNetwork: true, temperature: 1, rewardScale: 5, policyRegularization: 1e-3 },
    { encoder: 'attention', nextObservationInContext: true, contextSource: 'all' },
    { taskInput: 'told', initialActions: 'held', initialSteps: 40 },
    { taskInput: 'none', extraSteps: 0 },
    { normalizeObservations: true, nextObservationInContext: true },
  ])('gives identical numbers when resumed in the middle of meta-training: %o', async (form) => {
    const { make, schedule } = await setup(form);
    const whole = new MemoryRunStorage();
    const uninterrupted = make();
    const reference = await metaTrain({ ...schedule, agent: uninterrupted, steps: 300, storage: whole });
    expect(reference.updates).toBeGreaterThan(20);

    // Step 167 is in the middle of an episode and of an iteration.
    const parts = new MemoryRunStorage();
    const first = make();
    await metaTrain({ ...schedule, agent: first, steps: 167, storage: parts });
    const second = make(99);
    const resumed = await metaTrain({ ...schedule, agent: second, steps: 300, storage: parts, resume: true });
    expect(resumed.evaluations.at(-1)).toEqual(reference.evaluations.at(-1));
    const final = async (storage: MemoryRunStorage) =>
      agentSnapshot((await storage.latestCheckpoint())!.snapshot);
    expect(snapshotsEqual(await final(parts), await final(whole))).toBe(true);
    for (const agent of [uninterrupted, first, second]) agent.dispose();
  });

  it('gives identical numbers when resumed between episodes of tasks without getState', async () => {
    const { make, schedule } = await setup();
    const { family: tasks } = schedule;
    const stateless: TaskFamily = {
      id: tasks.id,
      maxEpisodeSteps: tasks.maxEpisodeSteps,
      split: tasks.split.bind(tasks),
      descriptor: tasks.descriptor.bind(tasks),
      create: async (task) =>
        Object.assign(await tasks.create(task), { getState: undefined, setState: undefined }),
    };
    const run = async (agent: Pearl, steps: number, storage: MemoryRunStorage, resume = false) => {
      await metaTrain({ ...schedule, family: stateless, agent, steps, storage, resume });
      agent.dispose();
      return agentSnapshot((await storage.latestCheckpoint())!.snapshot);
    };
    const whole = await run(make(), 300, new MemoryRunStorage());
    // Episodes have 20 steps.
    const parts = new MemoryRunStorage();
    await run(make(), 160, parts);
    expect(snapshotsEqual(await run(make(99), 300, parts, true), whole)).toBe(true);
  });

  it('holds one random action for each initial episode if told to', async () => {
    const { make } = await setup({ initialActions: 'held' });
    const agent = make();
    const observe = (task: number) => {
      expect(agent.beginEpisode()).toBe(task);
      const actions = Array.from({ length: 20 }, (_, i) => {
        const observation = Float32Array.of(i, 0);
        const action = agent.act(observation, { deterministic: false });
        const flags = { reward: 0, terminated: false, truncated: i === 19, info: {} };
        agent.observe({ observation, action, nextObservation: observation, ...flags });
        return [...action].join();
      });
      return new Set(actions);
    };
    const initial = [0, 1, 2, 3].map(observe);
    expect(initial.map((actions) => actions.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(initial.flatMap((actions) => [...actions])).size).toBe(4);
    const task = agent.beginEpisode();
    expect(observe(task).size).toBe(20);
    agent.dispose();
  });

  it('takes the gradient steps of an iteration evenly, after the initial steps of every train task', async () => {
    const { make, schedule } = await setup();
    const agent = make();
    // 80 initial steps, then 30 updates for every 2 * 60 steps.
    const { updates } = await metaTrain({ ...schedule, agent, steps: 200 });
    expect(updates).toBe(30);
    agent.dispose();
  });

  it('collects on the prior, then on the belief, and keeps extra steps out of the context', async () => {
    const { make } = await setup();
    const agent = make();
    const contextOf = (task: number) => agent.save().metadata[`task-${task}`];
    const episode = () => {
      const task = agent.beginEpisode();
      expect(agent.beginEpisode()).toBe(task);
      for (let i = 0; i < 20; i++) {
        const observation = Float32Array.of(0, 0);
        const action = agent.act(observation, { deterministic: false });
        agent.observe({
          ...{ observation, action, nextObservation: observation, reward: 0, info: {} },
          ...{ terminated: false, truncated: i === 19 },
        });
      }
      return task;
    };
    expect([episode(), episode(), episode(), episode()]).toEqual([0, 1, 2, 3]);
    const visited = [episode(), episode(), episode()];
    expect(new Set(visited).size).toBe(1);
    agent.beginEpisode();
    // Initial 20, prior 20, posterior 20, and 20 extra ones that are not context.
    expect(contextOf(visited[0]!)).toMatchObject({ recentFrom: 20, recentTo: 60 });
    agent.dispose();
  });

  it('shares no memory with what it saved, and refuses the snapshot of another run unchanged', async () => {
    const { make, schedule } = await setup();
    const agent = make();
    await metaTrain({ ...schedule, agent, steps: 200 });
    const saved = copySnapshot(agent.save());
    const { make: makeOther } = await setup({ latentSize: 3 });
    const other = makeOther();
    const before = copySnapshot(other.save());
    expect(() => other.load(saved)).toThrow(SnapshotMismatchError);
    expect(snapshotsEqual(other.save(), before)).toBe(true);
    agent.dispose();
    other.dispose();
  });

  it('stays as it was when a snapshot lacks the experience of the last task', async () => {
    const { make, schedule } = await setup();
    const agent = make();
    await metaTrain({ ...schedule, agent, steps: 200 });
    const saved = copySnapshot(agent.save());
    const damaged = { ...saved, metadata: { ...saved.metadata, 'task-3': {} } };
    const other = make();
    const before = copySnapshot(other.save());
    expect(() => other.load(damaged)).toThrow('no experience of some task');
    expect(snapshotsEqual(other.save(), before)).toBe(true);
    agent.dispose();
    other.dispose();
  });

  it('leaves no tensors behind', async () => {
    const { make, schedule } = await setup({ encoder: 'attention' });
    const before = countTensors();
    const agent = make();
    const made = countTensors();
    await metaTrain({ ...schedule, agent, steps: 150 });
    const early = countTensors();
    await metaTrain({ ...schedule, agent, steps: 150 });
    expect(countTensors()).toBe(early);
    expect(early - made).toBeLessThan(10);
    agent.dispose();
    expect(countTensors()).toBe(before);
  });

  it('infers from the sparse reward and learns from the dense one if told to', async () => {
    const { make, schedule } = await setup({ contextReward: 'rewardSparse' }, sparse);
    const agent = make();
    const { evaluations } = await metaTrain({ ...schedule, agent, steps: 100 });
    expect(evaluations[0]!.adaptation!.successes).toHaveLength(2);
    const rows = agent.save().rows!['task-0/replay']!.read(0, 20);
    expect(Math.max(...rows.reward!)).toBeLessThan(0);
    expect(Math.min(...rows.contextReward!)).toBeGreaterThanOrEqual(0);
    agent.dispose();
    const { make: makeWrong } = await setup({ contextReward: 'nothing' });
    const wrong = makeWrong();
    await expect(metaTrain({ ...schedule, agent: wrong, steps: 100 })).rejects.toThrow('contextReward');
    wrong.dispose();
  });
});
