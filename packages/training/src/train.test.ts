import {
  DivergenceError,
  EnvironmentFaultError,
  InvalidInputError,
  type RunEvent,
  SnapshotMismatchError,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { MemoryRunStorage } from './memory-run-storage.js';
import { FaultyCorridor, StatefulCorridor, WornCorridor } from './test-support/corridor.js';
import { DivergingAgent, PointEnvironment } from './test-support/diverging.js';
import { corridorRun, reproducible, statelessRun, stateOf } from './test-support/runs.js';
import { TabularAgent } from './test-support/tabular-agent.js';
import { train } from './train.js';

/** Aborts when the run reports the first event that matches. */
function abortAt(matches: (event: RunEvent) => boolean) {
  const controller = new AbortController();
  const listener = (event: RunEvent) => {
    if (matches(event)) controller.abort();
  };
  return { signal: controller.signal, listeners: [listener] };
}

describe('train', () => {
  it('prepares the agent where the run begins, and not where it goes on from a checkpoint', async () => {
    const storage = new MemoryRunStorage();
    let prepared = 0;
    const prepare = async () => {
      await Promise.resolve();
      prepared += 1;
    };
    const begin = { storage, resume: true, steps: 60, prepare };
    await train(corridorRun(begin));
    expect(prepared).toBe(1);
    await train(corridorRun({ ...begin, steps: 120 }));
    expect(prepared).toBe(1);
    const failing = () => {
      throw new SnapshotMismatchError('not this agent');
    };
    await expect(train(corridorRun({ prepare: failing }))).rejects.toThrow('not this agent');
  });

  it('learns the corridor and reports every part of the run', async () => {
    const storage = new MemoryRunStorage();
    const events: RunEvent[] = [];
    const options = corridorRun({ storage, listeners: [(event) => events.push(event)] });
    const result = await train(options);

    expect(result).toMatchObject({ steps: 1000, outcome: 'completed' });
    // Updates start at step 40 and two are taken at every third step: steps 42, 45, ..., 999.
    expect(result.updates).toBe(2 * 320);
    expect(result.stepsPerSecond).toBeGreaterThan(0);
    expect(result.evaluations.map(({ step }) => step)).toEqual([250, 500, 750, 1000]);
    expect(result.evaluations.at(-1)!.returnMean).toBeGreaterThan(0.8);

    const metrics = storage.rows.filter((row) => row.type === 'metrics');
    expect(metrics.map(({ step }) => step)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    const episodes = storage.rows.filter((row) => row.type === 'episode');
    const firstWindow = episodes.filter(({ step }) => step <= 100);
    const total = firstWindow.reduce((sum, episode) => sum + episode.return, 0);
    expect(metrics[0]!.values.episodeReturn).toBeCloseTo(total / firstWindow.length, 12);
    expect(metrics[0]!.values.episodes).toBe(firstWindow.length);
    const counted = metrics.reduce((sum, { values }) => sum + values.episodes!, 0);
    expect(counted).toBe(episodes.length);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['start', 'checkpoint', 'end']));
    expect(
      events.filter(({ type }) => type === 'checkpoint').map((event) => 'step' in event && event.step),
    ).toEqual([170, 340, 510, 680, 850, 1000]);
  });

  it('tells the agent how long a step took, where the environment says so', async () => {
    const environment = new StatefulCorridor();
    const step = environment.step.bind(environment);
    let taken = 0;
    environment.step = (action) => ({ ...step(action), ...(++taken % 2 === 0 && { duration: 3 }) });
    const options = { ...corridorRun({ steps: 6 }), environment };
    const durations: (number | undefined)[] = [];
    const observe = options.agent.observe.bind(options.agent);
    options.agent.observe = (transition) => {
      durations.push(transition.duration);
      observe(transition);
    };
    await train(options);
    expect(durations).toEqual([undefined, 3, undefined, 3, undefined, 3]);
  });

  it('is not disturbed by its evaluations', async () => {
    const often = corridorRun({ evaluation: { every: 10, episodes: 3 } });
    const rarely = corridorRun({ evaluation: { every: 1000, episodes: 1 } });
    await train(often);
    await train(rarely);
    expect(stateOf(often.agent.save())).toEqual(stateOf(rarely.agent.save()));
  });

  it('gives other episodes for another seed', async () => {
    const [first, second] = [new MemoryRunStorage(), new MemoryRunStorage()];
    await train(corridorRun({ storage: first }));
    await train(corridorRun({ storage: second, seed: 8 }));
    expect(reproducible(first.rows)).not.toEqual(reproducible(second.rows));
  });

  it('stops once enough evaluations in a row are good', async () => {
    const stopWhen = { returnAtLeast: 0.5, consecutive: 2 };
    const result = await train(corridorRun({ evaluation: { every: 50, episodes: 4, stopWhen } }));
    expect(result.outcome).toBe('solved');
    expect(result.steps).toBeLessThan(1000);
    const good = result.evaluations.map(({ returnMean }) => returnMean >= 0.5);
    expect(good.slice(-2)).toEqual([true, true]);
    expect(good.some((value, i) => i + 2 < good.length && value && good[i + 1])).toBe(false);
  });

  it('lets timers run while it works', async () => {
    // Only the timer ends this run; a loop that never yields would go on for hours.
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const steps = 1_000_000_000;
    const run = corridorRun({ steps, evaluation: { every: steps, episodes: 1 }, signal: controller.signal });
    expect((await train({ ...run, logEvery: steps, checkpointEvery: steps })).outcome).toBe('interrupted');
  });

  it.each([
    ['steps', { steps: -5 }],
    ['steps', { steps: 1.5 }],
    ['logEvery', { logEvery: 0 }],
    ['checkpointEvery', { checkpointEvery: Number.NaN }],
    ['evaluation.every', { evaluation: { every: 0, episodes: 1 } }],
    ['evaluation.episodes', { evaluation: { every: 1, episodes: 0 } }],
    ['seed', { seed: -1 }],
    ['resume', { resume: true }],
  ])('names an unusable %s', async (field, changes) => {
    const failure = await train(corridorRun(changes)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidInputError);
    expect((failure as InvalidInputError).field).toBe(field);
  });

  it('refuses to evaluate on the training environment', async () => {
    const environment = new StatefulCorridor();
    await expect(train(corridorRun({ environment, evaluationEnvironment: environment }))).rejects.toThrow(
      /evaluationEnvironment: expected a different instance from environment/,
    );
  });
});

describe('faults', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names the step of a reward of %s', async (reward) => {
    const storage = new MemoryRunStorage();
    const options = corridorRun({ storage, environment: new FaultyCorridor(613, reward) });
    const failure = await train(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect((failure as Error).message).toMatch(`reward ${reward}`);
    expect((failure as Error).message).toMatch('environment step 613');
    expect((await storage.latestCheckpoint())!.step).toBe(510);
    expect(storage.rows.filter((row) => row.type === 'metrics').at(-1)!.step).toBe(600);
  });

  it('names the step and episode of a fault in an evaluation', async () => {
    const evaluationEnvironment = new FaultyCorridor(1, Number.NaN);
    await expect(train(corridorRun({ evaluationEnvironment }))).rejects.toThrow(
      'step 1 of evaluation episode 1',
    );
  });

  it.each([
    ['training', 613, 'environment step 614'],
    ['an evaluation', 750, 'step 1 of evaluation episode 1'],
  ])(
    'calls an action that is not finite divergence in %s, not a mistake of the caller',
    async (_, at, where) => {
      const options = corridorRun({
        environment: new PointEnvironment(),
        evaluationEnvironment: new PointEnvironment(),
      });
      const failure = await train({ ...options, agent: new DivergingAgent(at) }).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(DivergenceError);
      expect((failure as Error).message).toMatch(`action is not finite at ${where}`);
    },
  );

  it('names a metric that is not finite, and keeps the checkpoint before it', async () => {
    const storage = new MemoryRunStorage();
    const options = corridorRun({ storage });
    const listeners = [
      (event: RunEvent) => {
        if (event.type === 'checkpoint' && event.step === 340) options.agent.values.fill(Number.NaN);
      },
    ];
    const failure = await train({ ...options, listeners }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DivergenceError);
    expect((failure as Error).message).toMatch('metric "loss" is NaN at environment step 400');
    expect((await storage.latestCheckpoint())!.step).toBe(340);
  });
});

describe.each([
  ['an environment with state', corridorRun],
  ['an environment without state', statelessRun],
])('interrupting and resuming with %s', (_, makeRun) => {
  const interruptions: [string, (event: RunEvent) => boolean][] = [
    ['before the first step', ({ type }) => type === 'start'],
    ['at a metrics row', (event) => event.type === 'metrics' && event.step === 300],
    ['at an evaluation', (event) => event.type === 'evaluation' && event.evaluation.step === 500],
    ['at a checkpoint', (event) => event.type === 'checkpoint' && event.step >= 510],
    ['at the end of an episode', (event) => event.type === 'episode' && event.step > 777],
    ['just before an evaluation', (event) => event.type === 'metrics' && event.step === 500],
  ];

  it.each(interruptions)('%s changes no number', async (_, matches) => {
    const whole = new MemoryRunStorage();
    const uninterrupted = makeRun({ storage: whole });
    const expected = await train(uninterrupted);

    const storage = new MemoryRunStorage();
    const first = await train(makeRun({ storage, ...abortAt(matches) }));
    expect(first.outcome).toBe('interrupted');
    expect((await storage.latestCheckpoint())!.step).toBe(first.steps);
    const resumed = makeRun({ storage, resume: true });
    const actual = await train(resumed);

    expect({ ...actual, stepsPerSecond: 0 }).toEqual({ ...expected, stepsPerSecond: 0 });
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
    expect(stateOf(resumed.agent.save())).toEqual(stateOf(uninterrupted.agent.save()));
  });

  it('drops rows newer than the checkpoint after a fault', async () => {
    const whole = new MemoryRunStorage();
    await train(makeRun({ storage: whole }));
    const storage = new MemoryRunStorage();
    await expect(
      train(makeRun({ storage, environment: new FaultyCorridor(613, Number.NaN) })),
    ).rejects.toThrow(EnvironmentFaultError);
    // The faulty environment has a state; one without cannot take it.
    if (makeRun === statelessRun) {
      await expect(train(makeRun({ storage, resume: true }))).rejects.toThrow(SnapshotMismatchError);
      return;
    }
    await train(makeRun({ storage, resume: true }));
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
  });

  it('does nothing more once the run is finished', async () => {
    const storage = new MemoryRunStorage();
    const expected = await train(makeRun({ storage }));
    const rows = storage.rows.length;
    const again = await train(makeRun({ storage, resume: true }));
    expect(again).toEqual({ ...expected, stepsPerSecond: again.stepsPerSecond });
    expect(storage.rows).toHaveLength(rows);
  });

  it('starts at the beginning when nothing was saved', async () => {
    const storage = new MemoryRunStorage();
    await storage.append([
      { type: 'episode', step: 3, return: 0, length: 3, terminated: true, wallSeconds: 0 },
    ]);
    await train(makeRun({ storage, resume: true, steps: 1 }));
    expect(storage.rows.map(({ step }) => step)).toEqual([1, 1]);
  });
});

describe('a run that is lengthened', () => {
  const worn = () => new WornCorridor(() => undefined);

  it.each([
    ['on both intervals', 500, undefined],
    ['on neither interval', 530, undefined],
    ['on the interval of rows', 600, undefined],
    ['on the interval of evaluations', 750, undefined],
    ['where its additional evaluation was good enough to stop', 530, { returnAtLeast: -1, consecutive: 3 }],
  ])('after an end %s gives what a longer one gives', async (_, steps, stopWhen) => {
    const evaluation = { every: 250, episodes: 4, ...(stopWhen && { stopWhen }) };
    const whole = new MemoryRunStorage();
    const longer = corridorRun({ storage: whole, evaluation, evaluationEnvironment: worn() });
    const expected = await train(longer);

    const storage = new MemoryRunStorage();
    const first = await train(corridorRun({ storage, evaluation, steps, evaluationEnvironment: worn() }));
    expect(first.outcome).toBe(stopWhen === undefined ? 'completed' : 'solved');
    expect(first.evaluations.at(-1)!.step).toBe(steps);
    const ends = storage.rows.filter((row) => row.step === steps && row.type !== 'episode');
    expect(ends.map(({ type }) => type).sort()).toEqual(['evaluation', 'metrics']);

    const resumed = corridorRun({ storage, evaluation, evaluationEnvironment: worn(), resume: true });
    const actual = await train(resumed);
    expect({ ...actual, stepsPerSecond: 0 }).toEqual({ ...expected, stepsPerSecond: 0 });
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
    expect(stateOf(resumed.agent.save())).toEqual(stateOf(longer.agent.save()));
  });

  it('repeats what its end adds when it is resumed without more steps', async () => {
    const storage = new MemoryRunStorage();
    const first = await train(corridorRun({ storage, steps: 530, evaluationEnvironment: worn() }));
    const rows = reproducible(storage.rows);
    for (let session = 0; session < 2; session++) {
      const again = await train(
        corridorRun({ storage, steps: 530, evaluationEnvironment: worn(), resume: true }),
      );
      expect(again).toEqual({ ...first, stepsPerSecond: again.stepsPerSecond });
      expect(reproducible(storage.rows)).toEqual(rows);
    }
  });
});

it('repeats an evaluation that was cut short, however often', async () => {
  const whole = new MemoryRunStorage();
  const expected = await train(corridorRun({ storage: whole }));
  const storage = new MemoryRunStorage();
  const cutShort = () =>
    abortAt(({ type, ...event }) => type === 'metrics' && 'step' in event && event.step === 1000);
  expect((await train(corridorRun({ storage, ...cutShort() }))).outcome).toBe('interrupted');
  for (let session = 0; session < 3; session++) {
    const result = await train(corridorRun({ storage, resume: true }));
    expect(result).toEqual({ ...expected, stepsPerSecond: result.stepsPerSecond });
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
  }
});

it('undoes an evaluation that was cut short in the middle', async () => {
  const whole = new MemoryRunStorage();
  const untouched = () => new WornCorridor(() => undefined);
  await train(corridorRun({ storage: whole, evaluationEnvironment: untouched() }));
  const storage = new MemoryRunStorage();
  const controller = new AbortController();
  const evaluationEnvironment = new WornCorridor((wear) => {
    if (wear === 150) controller.abort();
  });
  const { signal } = controller;
  const first = await train(corridorRun({ storage, evaluationEnvironment, signal }));
  expect(first.outcome).toBe('interrupted');
  // Not in the first evaluation, so that there is wear to be restored.
  expect([500, 750]).toContain(first.steps);
  expect(first.evaluations.at(-1)?.step).not.toBe(first.steps);
  await train(corridorRun({ storage, evaluationEnvironment: untouched(), resume: true }));
  expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
});

it('stops at once without a storage', async () => {
  const result = await train(statelessRun(abortAt(({ type }) => type === 'start')));
  expect(result).toMatchObject({ outcome: 'interrupted', steps: 0 });
});

it('leaves agents and environments to their owner', async () => {
  const agent = new TabularAgent(1);
  await train({ ...corridorRun(), agent });
  expect(agent.disposed).toBe(false);
});
