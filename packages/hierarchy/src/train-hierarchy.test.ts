import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { copySnapshot, type Environment, EnvironmentFaultError, Rng, snapshotsEqual } from '@maxent/core';
import { PointRobot, TimeLimit, TransformReward } from '@maxent/envs';
import { evaluate, MemoryRunStorage } from '@maxent/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { latentSpacePolicyConfig } from './config.js';
import { type FlowAgentDesign, latentSpaceAgents } from './flow-agent.js';
import { LevelStack } from './level-stack.js';
import { HillClimber } from './test-support/hill-climber.js';
import { small } from './test-support/small-agent.js';
import { type HierarchyLevel, type TrainHierarchyOptions, trainHierarchy } from './train-hierarchy.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

describe('trainHierarchy', () => {
  const environment = (): Environment =>
    new TimeLimit(
      new PointRobot({ goal: { x: 1, y: 0 }, randomStart: true, reward: 'dense', goalRadius: 0.2 }),
      20,
    );
  const options = (): TrainHierarchyOptions => ({
    environment,
    levels: [
      { steps: 60, reward: (_, { info }) => Number(info.distance), sees: { from: 0, to: 1 } },
      { steps: 40 },
      { steps: 20, reward: (reward) => 2 * reward, every: 3 },
    ],
    agent: latentSpaceAgents(latentSpacePolicyConfig.parse({ ...small, learningStarts: 10, actorStarts: 4 })),
    seed: 3,
    evaluation: { every: 20, episodes: 2 },
    logEvery: 20,
    checkpointEvery: 20,
  });
  /** The options with changes to each level, the lowest first. */
  const changed = (given: TrainHierarchyOptions, changes: readonly Partial<HierarchyLevel>[]) => ({
    ...given,
    levels: given.levels.map((level, i) => ({ ...level, ...changes[i] })),
  });
  /** The options with storages of their own. */
  const stored = (given: TrainHierarchyOptions) =>
    changed(
      given,
      given.levels.map(() => ({ storage: new MemoryRunStorage() })),
    );

  it('trains each level on its reward, with what it sees and at its rate, on the levels below', async () => {
    const { stack, results } = await trainHierarchy(stored(options()));
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

  it('needs only an environment and the steps of levels', { timeout: 60_000 }, async () => {
    const needed = { environment, levels: [{ steps: 30 }, { steps: 20 }] };
    const short = await trainHierarchy(needed);
    const whole = await trainHierarchy({
      ...changed(needed, [
        { sees: null, every: 1 },
        { sees: null, every: 1 },
      ]),
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
    const mixed = {
      ...options(),
      levels: [
        { steps: 60, sees: { from: 0, to: 1 }, agent: climb },
        { steps: 40 },
        { steps: 20, reward: () => 1, every: 2, agent: climb },
      ],
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
    const kept = stored(mixed);
    const short = await trainHierarchy(changed(kept, [{}, {}, { steps: 10 }]));
    const resumed = await trainHierarchy({ ...kept, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('gives a stack that repeats the evaluation of its top level as one policy', async () => {
    // The top level's action is held for 3 steps of the middle one, and the middle one's for 2 steps of the lowest.
    const { stack, results } = await trainHierarchy(
      changed(options(), [{}, { every: 2 }, { sees: { from: 1, to: 2 } }]),
    );
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
    const kept = stored(options());
    const short = await trainHierarchy(changed(kept, [{}, {}, { steps: 10 }]));
    const resumed = await trainHierarchy({ ...kept, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    expect(resumed.results[2]!.evaluations).toEqual(whole.results[2]!.evaluations);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  it('leaves a level as it is, whatever its steps, once another one builds on it', async () => {
    const whole = await trainHierarchy(options());
    const kept = stored(options());
    const short = await trainHierarchy(changed(kept, [{}, {}, { steps: 10 }]));
    const resumed = await trainHierarchy({ ...changed(kept, [{ steps: 100 }, { steps: 60 }]), resume: true });
    expect(resumed.results.map(({ steps }) => steps)).toEqual([60, 40, 20]);
    expect(resumed.results.map(({ evaluations }) => evaluations)).toEqual(
      whole.results.map(({ evaluations }) => evaluations),
    );
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
    for (const storage of [new MemoryRunStorage(), undefined]) {
      await expect(trainHierarchy({ ...changed(kept, [{ storage }]), resume: true })).rejects.toThrow(
        'resume: level 2 has a checkpoint, but level 0',
      );
    }
  });

  it('goes on in the level in which it was stopped', async () => {
    const two = { ...options(), levels: [{ steps: 60 }, { steps: 40 }] };
    const whole = await trainHierarchy(two);
    const kept = stored(two);
    // Stopped during the first level, which then goes on to its end.
    const stop = new AbortController();
    const short = await trainHierarchy({
      ...kept,
      signal: stop.signal,
      listeners: [(event) => event.type === 'evaluation' && event.evaluation.step === 20 && stop.abort()],
    });
    expect(short.results.map(({ steps, outcome }) => [steps, outcome])).toEqual([[20, 'interrupted']]);
    const resumed = await trainHierarchy({ ...kept, resume: true });
    expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
    for (const { stack } of [whole, short, resumed]) stack.dispose();
  });

  describe('levels that continue the one below', () => {
    const three = () => ({ ...options(), levels: [{ steps: 60 }, { steps: 40 }, { steps: 40 }] });

    it('do so if nothing but their steps differs, and resume to the same numbers from any moment', async () => {
      const whole = await trainHierarchy(stored(three()));
      // Each of the couplings of a level stand in front of those below, in the steps of the environment.
      expect(whole.results[2]!.evaluations.at(-1)!.lengths).toEqual([20, 20]);
      const apart = changed(three(), [{}, { continues: false }, { continues: false }]);
      const other = await trainHierarchy(stored(apart));
      expect(snapshotsEqual(other.stack.levels[0]!.policy.save(), whole.stack.levels[0]!.policy.save())).toBe(
        true,
      );
      expect(snapshotsEqual(other.stack.save(), whole.stack.save())).toBe(false);
      for (const [given, expected] of [
        [three(), whole],
        [apart, other],
      ] as const) {
        // Stopped between the first two levels, within the second, and within the third.
        const first = stored(given);
        const alone = await trainHierarchy({ ...first, levels: first.levels.slice(0, 1) });
        const continued = await trainHierarchy({ ...first, resume: true });
        expect(snapshotsEqual(continued.stack.save(), expected.stack.save())).toBe(true);
        for (const { stack } of [alone, continued]) stack.dispose();
        for (const [level, step] of [
          [1, 0],
          [2, 20],
        ] as const) {
          const kept = stored(given);
          const stop = new AbortController();
          let started = 0;
          const short = await trainHierarchy({
            ...kept,
            signal: stop.signal,
            listeners: [
              (event) => {
                if (event.type === 'start') started += 1;
                const now = event.type === 'evaluation' ? event.evaluation.step : 0;
                if (started === level + 1 && now === step) stop.abort();
              },
            ],
          });
          expect(short.results.at(-1)!.outcome).toBe('interrupted');
          expect(short.results).toHaveLength(level + 1);
          const resumed = await trainHierarchy({ ...kept, resume: true });
          expect(snapshotsEqual(resumed.stack.save(), expected.stack.save())).toBe(true);
          expect(resumed.results[2]!.evaluations).toEqual(expected.results[2]!.evaluations);
          for (const { stack } of [short, resumed]) stack.dispose();
        }
      }
      for (const { stack } of [whole, other]) stack.dispose();
    });

    it('act in the embedded stack as they did when they were trained', async () => {
      const { stack, results } = await trainHierarchy(three());
      const { step, returns } = results[2]!.evaluations.at(-1)!;
      const repeated = await evaluate({
        policy: { act: () => new Float32Array(2) },
        environment: stack.embedIn(environment()),
        episodes: 2,
        seed: Rng.fromSeed(3).split('training').split('evaluation').split(step).uint32(),
        deterministic: true,
      });
      expect(repeated.returns).toEqual(returns);
      stack.dispose();
    });

    it('stay what they were when they are resumed', async () => {
      const apart = changed(stored(three()), [{}, { continues: false }, { continues: false }]);
      const whole = await trainHierarchy(apart);
      // As by a program that does not say what they were, such as one of version 0.1.0.
      const resumed = await trainHierarchy({
        ...changed(apart, [{}, { continues: undefined }, { continues: undefined }]),
        resume: true,
      });
      expect(snapshotsEqual(resumed.stack.save(), whole.stack.save())).toBe(true);
      for (const { stack } of [whole, resumed]) stack.dispose();
      await expect(
        trainHierarchy({ ...changed(apart, [{}, {}, { continues: true }]), resume: true }),
      ).rejects.toThrow('the snapshot is of a level that continues 0 of those below');
    });

    const reward = (own: number) => own;
    const other = latentSpaceAgents(latentSpacePolicyConfig.parse(small));
    it.each<[string, Partial<HierarchyLevel>]>([
      ['its reward is not that', { reward }],
      ['its agent is not that', { agent: other }],
      ['it does not see what', { sees: { from: 0, to: 1 } }],
      ['it acts every 2 steps', { every: 2 }],
    ])('cannot be told to if %s', async (problem, change) => {
      const asked = changed(three(), [{}, { ...change, continues: true }]);
      await expect(trainHierarchy(asked)).rejects.toThrow(
        `levels[1].continues: expected false, got true: ${problem}`,
      );
    });

    it('need an agent that can, and a level below', async () => {
      const climb: FlowAgentDesign = { discount: 0.5, create: (context) => new HillClimber(context) };
      const climbing = { ...three(), agent: climb };
      const alone = await trainHierarchy(climbing);
      alone.stack.dispose();
      await expect(trainHierarchy(changed(climbing, [{}, { continues: true }]))).rejects.toThrow(
        'its agent cannot continue a level',
      );
      await expect(trainHierarchy(changed(three(), [{ continues: true }]))).rejects.toThrow(
        'levels[0].continues: expected false, got true: there is no level below it',
      );
    });
  });

  it('keeps no level when a later one fails', async () => {
    const before = tf.memory().numTensors;
    const failing = changed(options(), [{}, { reward: () => Number.NaN }]);
    await expect(trainHierarchy(failing)).rejects.toThrow(EnvironmentFaultError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([undefined, [], { steps: 5 }])('needs a list of levels, not %j', async (levels) => {
    await expect(trainHierarchy({ ...options(), levels: levels as never })).rejects.toThrow(
      /^levels: expected a list of at least one level/,
    );
  });
});
