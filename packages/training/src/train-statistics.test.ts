import {
  type BoxArray,
  type Environment,
  joinSnapshots,
  type MetaAgent,
  type Snapshot,
  type StepResult,
  splitSnapshot,
} from '@maxent/core';
import {
  EnvironmentWrapper,
  FrameSkip,
  NormalizeObservation,
  NormalizeReward,
  originalRewardOf,
  RecordEpisodeStatistics,
  TimeLimit,
  TransformReward,
} from '@maxent/envs';
import { describe, expect, it } from 'vitest';
import type { TrainOptions } from './loop/train-options.js';
import { MemoryRunStorage } from './memory-run-storage.js';
import { metaTrain } from './meta/meta-train.js';
import { restoreStatistics } from './statistics.js';
import { Drift, Listener, StatefulDrift } from './test-support/drift.js';
import { reproducible, stateOf } from './test-support/runs.js';
import { train } from './train.js';

type Wrap = (inner: Environment) => Environment;

/** Counts episodes, and shows how many there were instead of the observation: a wrapper as a plugin would write it. */
class EpisodeCounter extends EnvironmentWrapper<BoxArray, number> {
  private episodes = 0;
  private frozen = false;

  override reset(options?: Parameters<Environment['reset']>[0]) {
    if (!this.frozen) this.episodes += 1;
    return super.reset(options);
  }

  protected override view(): BoxArray {
    return Float64Array.of(this.episodes);
  }

  protected override saveStatistics(): Snapshot {
    return { arrays: {}, metadata: { episodes: this.episodes } };
  }

  protected override loadStatistics({ metadata }: Snapshot, frozen: boolean): void {
    this.episodes = metadata.episodes as number;
    this.frozen = frozen;
  }
}

/** The contract without our base class. */
function shifting(inner: Environment): Environment {
  let shift = 0;
  let frozen = false;
  const view = (observation: BoxArray) => Float64Array.of(observation[0]! - shift);
  return {
    observationSpace: inner.observationSpace,
    actionSpace: inner.actionSpace,
    reset: (options) => ({ ...inner.reset(options), observation: Float64Array.of(0) }),
    step: (action) => {
      const result = inner.step(action);
      if (!frozen) shift += 0.01 * (result.observation[0] - shift);
      return { ...result, observation: view(result.observation) };
    },
    close: () => inner.close(),
    getStatistics: () => ({ arrays: {}, metadata: { shift } }),
    setStatistics: ({ metadata }, options) => {
      shift = metadata.shift as number;
      frozen = options?.frozen ?? false;
    },
  };
}

const observationWrap: Wrap = (inner) => new NormalizeObservation(inner);
const wraps: [string, Wrap][] = [
  ['NormalizeObservation', observationWrap],
  [
    'it within other wrappers',
    (inner) => new TimeLimit(new RecordEpisodeStatistics(observationWrap(inner)), 5),
  ],
  ['it around NormalizeReward', (inner) => observationWrap(new NormalizeReward(inner))],
  ['NormalizeReward around it', (inner) => new NormalizeReward(observationWrap(inner))],
  ['two of a kind', (inner) => observationWrap(observationWrap(inner))],
  ['a wrapper of a plugin', (inner) => new TimeLimit(new EpisodeCounter(inner as never) as never, 6)],
  ['an environment that keeps the contract by itself', (inner) => new TimeLimit(shifting(inner), 6)],
];

type Changes = Partial<Omit<TrainOptions, 'agent' | 'environment'> & { environment: Environment }>;

function run(wrap: Wrap, inner: () => Environment, changes: Changes = {}) {
  return {
    agent: new Listener(),
    environment: wrap(inner()),
    evaluationEnvironment: wrap(inner()),
    steps: 200,
    seed: 3,
    evaluation: { every: 50, episodes: 2 },
    logEvery: 20,
    checkpointEvery: 30,
    ...changes,
  };
}

const stateful = () => new StatefulDrift();
const stateless = () => new Drift();

describe('an evaluation', () => {
  it('sees observations as training does, and changes nothing', async () => {
    const options = run(observationWrap, stateful, { evaluation: { every: 200, episodes: 1 } });
    await train(options);
    const { mean, variance } = (options.environment as NormalizeObservation<number>).statistics;
    expect(mean[0]).toBeGreaterThan(90);
    const { statistics } = options.evaluationEnvironment as NormalizeObservation<number>;
    expect([...statistics.mean, ...statistics.variance]).toEqual([...mean, ...variance]);
    // Fresh statistics would show the first observation of any episode as 0.
    expect(options.agent.judged[0]).not.toBe(0);
    expect(options.agent.judged).toHaveLength(7);
  });

  it.each(wraps)('is frozen with %s: training does not depend on it', async (_, wrap) => {
    const [often, rarely] = [10, 200].map((every) =>
      run(wrap, stateful, { evaluation: { every, episodes: 3 } }),
    );
    await train(often!);
    await train(rarely!);
    expect(stateOf(often!.agent.save())).toEqual(stateOf(rarely!.agent.save()));
    const last = (listener: Listener) => listener.judged.slice(-3 * 5);
    expect(last(often!.agent)).toEqual(last(rarely!.agent));
  });

  it('leaves statistics alone that its environment does without', async () => {
    const options = run((inner) => new NormalizeReward(observationWrap(inner)), stateful);
    const evaluationEnvironment = observationWrap(stateful());
    await train({ ...options, evaluationEnvironment });
    const { statistics } = evaluationEnvironment as NormalizeObservation<number>;
    expect(statistics.count).toBeGreaterThan(200);
  });
});

describe.each([
  ['with getState', stateful],
  ['without getState', stateless],
])('over an environment %s', (_, inner) => {
  it.each(wraps)('a run with %s goes on bit for bit', async (_, wrap) => {
    const whole = new MemoryRunStorage();
    const uninterrupted = run(wrap, inner, { storage: whole });
    await train(uninterrupted);
    for (const at of [30, 91, 150]) {
      const storage = new MemoryRunStorage();
      const controller = new AbortController();
      const listeners = [
        (event: { readonly type: string; readonly step?: number }) => {
          if ('step' in event && event.step! >= at) controller.abort();
        },
      ];
      const first = run(wrap, inner, { storage, signal: controller.signal, listeners });
      expect((await train(first)).outcome).toBe('interrupted');
      const resumed = run(wrap, inner, { storage, resume: true });
      await train(resumed);
      expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
      expect(stateOf(resumed.agent.save())).toEqual(stateOf(uninterrupted.agent.save()));
    }
  });

  it('a checkpoint holds statistics from which a new environment judges alike', async () => {
    const storage = new MemoryRunStorage();
    const options = run(observationWrap, inner, { storage });
    await train(options);
    const { snapshot } = (await storage.latestCheckpoint())!;
    const fresh = observationWrap(inner());
    restoreStatistics(fresh, snapshot);
    expect(fresh.getStatistics!()).toEqual(options.environment.getStatistics!());
    fresh.reset({ seed: 1 });
    expect(fresh.getStatistics!()).toEqual(options.environment.getStatistics!());
  });
});

it('reads the statistics of a checkpoint that holds them in the state of its environment only', async () => {
  const storage = new MemoryRunStorage();
  const options = run(observationWrap, stateful, { storage });
  await train(options);
  const { snapshot } = (await storage.latestCheckpoint())!;
  const names = Object.keys(snapshot.metadata).filter((name) => name !== 'statistics');
  const old = joinSnapshots(Object.fromEntries(names.map((name) => [name, splitSnapshot(snapshot, name)!])));
  const fresh = observationWrap(stateful());
  restoreStatistics(fresh, old);
  expect(fresh.getStatistics!()).toEqual(options.environment.getStatistics!());
});

it('says when a checkpoint holds no statistics that the environment keeps', async () => {
  const storage = new MemoryRunStorage();
  await train(run((inner) => inner, stateless, { storage, steps: 70 }));
  const warnings: string[] = [];
  await train(
    run(observationWrap, stateless, {
      storage,
      resume: true,
      listeners: [(event) => void (event.type === 'warning' && warnings.push(event.message))],
    }),
  );
  expect(warnings[0]).toMatch(/starts them again/);
});

describe('statistics that a wrapper hides', () => {
  /** A wrapper as somebody else would write it, who knows nothing of statistics. */
  class Foreign implements Environment<BoxArray, number> {
    readonly observationSpace;
    readonly actionSpace;

    constructor(private readonly env: Environment) {
      this.observationSpace = env.observationSpace;
      this.actionSpace = env.actionSpace;
    }
    reset(...options: Parameters<Environment['reset']>) {
      return this.env.reset(...options);
    }
    step(action: number) {
      return this.env.step(action);
    }
    close() {
      this.env.close();
    }
  }

  const warningsOf = async (environment: Environment) => {
    const warnings: string[] = [];
    const listeners: TrainOptions['listeners'] = [
      (event) => void (event.type === 'warning' && warnings.push(event.message)),
    ];
    // Waiting checkpoints are none of the matter.
    await train(run(observationWrap, stateful, { environment, listeners, checkpointEvery: 200 }));
    return warnings;
  };

  it.each<[string, (environment: Environment) => Environment]>([
    ['one', (inner) => new Foreign(inner)],
    ['two', (inner) => new Foreign(new Foreign(inner))],
    ['one with ours around it', (inner) => new TimeLimit(new Foreign(inner), 5)],
  ])('are told of: %s', async (_, wrap) => {
    expect(await warningsOf(wrap(new NormalizeObservation(new Drift())))).toEqual([
      expect.stringMatching(
        /^environment (Foreign|TimeLimit) hides the running statistics .* Pass getStatistics and setStatistics on/,
      ),
    ]);
  });

  it('are nobody else told of', async () => {
    expect(await warningsOf(new Foreign(new Drift()))).toEqual([]);
    expect(await warningsOf(new TimeLimit(new NormalizeObservation(new Drift()), 5))).toEqual([]);
  });
});

describe('returns', () => {
  const scaled: Wrap = (inner) => new TransformReward(inner, (reward) => reward / 1000);
  const plain = (storage = new MemoryRunStorage()) => run((inner) => inner, stateful, { storage });

  it.each<[string, Wrap, (paid: number) => number]>([
    ['TransformReward', scaled, (paid) => paid / 1000],
    ['it twice', (inner) => scaled(scaled(inner)), (paid) => paid / 1e6],
    ['it within a time limit', (inner) => new TimeLimit(scaled(inner), 7), (paid) => paid / 1000],
  ])("are the author's under %s, the changed ones are reported too", async (_, wrap, change) => {
    const storage = new MemoryRunStorage();
    // An agent that does not look at rewards, so that both runs act alike.
    const deaf = (options: ReturnType<typeof run>) => {
      options.agent.observe = () => undefined;
      return options;
    };
    const expected = await train(deaf(plain()));
    const { evaluations } = await train(deaf(run(wrap, stateful, { storage })));
    expect(evaluations.map(({ returns }) => returns)).toEqual(
      expected.evaluations.map(({ returns }) => returns),
    );
    const { returns, transformedReturns, transformedReturnMean } = evaluations[0]!;
    transformedReturns!.forEach((value, i) => {
      expect(value).toBeCloseTo(change(returns[i]!), 9);
    });
    expect(transformedReturnMean).toBeCloseTo(change(evaluations[0]!.returnMean), 9);
    const episode = storage.rows.find((row) => row.type === 'episode')!;
    expect(episode.return).toBeGreaterThan(500);
    expect(episode.transformedReturn).toBeCloseTo(change(episode.return), 9);
    const { values } = storage.rows.find((row) => row.type === 'metrics')!;
    expect(values.episodeTransformedReturn).toBeCloseTo(change(values.episodeReturn!), 9);
  });

  it('are told once where nothing changes them', async () => {
    const storage = new MemoryRunStorage();
    const { evaluations } = await train(plain(storage));
    expect(evaluations[0]).not.toHaveProperty('transformedReturns');
    for (const row of storage.rows) expect(JSON.stringify(row)).not.toMatch(/ransformed/);
  });

  it('are what a stopping rule compares', async () => {
    const stopWhen = { returnAtLeast: 300, consecutive: 1 };
    const options = run(scaled, stateful, { evaluation: { every: 50, episodes: 1, stopWhen } });
    expect((await train(options)).outcome).toBe('solved');
  });

  it('go through FrameSkip and RecordEpisodeStatistics, and stay the task where a wrapper defines it', () => {
    const skipped = new RecordEpisodeStatistics<BoxArray, number>(new FrameSkip(scaled(stateful()), 7));
    skipped.reset({ seed: 1 });
    const result = skipped.step(1);
    expect(result.reward).toBeCloseTo(originalRewardOf(result) / 1000, 9);
    expect(result.info.episode).toEqual({ return: result.originalReward, length: 1 });
    const defining = new TransformReward(scaled(stateful()), () => 5, { definesTask: true });
    defining.reset({ seed: 1 });
    const step: StepResult<unknown> = defining.step(1);
    expect(step.reward).toBe(5);
    expect(step).not.toHaveProperty('originalReward');
  });
});

it('a run over tasks has one owner of statistics, which its evaluations read', async () => {
  const trained: NormalizeObservation<number>[] = [];
  const family = {
    id: 'Drifts',
    maxEpisodeSteps: 7,
    split: () => ({ train: [], test: [] }),
    descriptor: () => [0],
    create: () => {
      const made = new NormalizeObservation<number>(stateful());
      trained.push(made);
      return made;
    },
  };
  const listener = new Listener();
  let episodes = 0;
  const agent: MetaAgent<BoxArray, number> = Object.assign(listener, {
    beginEpisode: () => episodes++ % 2,
    adapt: () => ({
      act: (observation: BoxArray) => listener.act(observation, { deterministic: true }),
      observe: () => undefined,
      beginEpisode: () => undefined,
      belief: () => undefined,
    }),
  });
  const storage = new MemoryRunStorage();
  await metaTrain({
    steps: 200,
    seed: 3,
    logEvery: 20,
    checkpointEvery: 30,
    agent,
    family: family as never,
    split: { train: [{}, {}], test: [{}] },
    evaluation: { every: 200, episodes: 2, explorationEpisodes: 1 },
    storage,
  });
  const statistics = splitSnapshot((await storage.latestCheckpoint())!.snapshot, 'statistics')!;
  const [first, second, test] = trained;
  // Every step and every reset of both tasks, but for the resets before the first episode.
  const owner = [first!, second!].find(
    ({ statistics: { mean } }) =>
      mean[0] === (splitSnapshot(statistics, 'own')!.arrays.mean!.data as Float64Array)[0],
  )!;
  expect(owner.statistics.count).toBeGreaterThanOrEqual(200 + 200 / 7);
  expect(test!.statistics.save()).toEqual(owner.statistics.save());
});
