import {
  type Environment,
  type InvalidInputError,
  Rng,
  type RunEvent,
  SpaceMismatchError,
  type VectorEnvironment,
} from '@maxent/core';
import { NormalizeObservation, SyncVectorEnvironment } from '@maxent/envs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainOptions } from './loop/train-options.js';
import { MemoryRunStorage } from './memory-run-storage.js';
import { Corridor, FaultyCorridor, StatefulCorridor } from './test-support/corridor.js';
import { Observer, Restless } from './test-support/restless.js';
import { corridorRun, reproducible, stateOf } from './test-support/runs.js';
import { train } from './train.js';

const several = (
  count: number,
  make: (i: number) => Environment = () => new StatefulCorridor(),
): Promise<VectorEnvironment> => SyncVectorEnvironment.create(make, count);

/** The corridor in `count` environments. No interval is a multiple of 3. */
async function run(changes: Partial<TrainOptions> = {}, count = 3) {
  return corridorRun({ environment: await several(count), ...changes });
}

const failureOf = (made: Promise<unknown>): Promise<InvalidInputError> =>
  made.then(
    () => new Error('nothing failed') as InvalidInputError,
    (error: InvalidInputError) => error,
  );

describe('train in several environments', () => {
  it('gives in a vector of one what a single environment gives', async () => {
    const [single, vector] = [new MemoryRunStorage(), new MemoryRunStorage()];
    const expected = corridorRun({ storage: single });
    const actual = await run({ storage: vector }, 1);
    await train(expected);
    await train(actual);
    expect(reproducible(vector.rows)).toEqual(reproducible(single.rows));
    expect(stateOf(actual.agent.save())).toEqual(stateOf(expected.agent.save()));
  });

  it('takes whole rounds, and what is due after the round that reaches it', async () => {
    const storage = new MemoryRunStorage();
    const events: RunEvent[] = [];
    const options = await run({ storage, listeners: [(event) => events.push(event)] });
    const result = await train(options);
    expect(result).toMatchObject({ steps: 1002, outcome: 'completed' });
    // As many as in one environment: two at every third step from 42 on.
    expect(result.updates).toBe(2 * 321);
    expect(result.evaluations.map(({ step }) => step)).toEqual([252, 501, 750, 1002]);
    const steps = (type: string) => storage.rows.filter((row) => row.type === type).map(({ step }) => step);
    expect(steps('metrics')).toEqual([102, 201, 300, 402, 501, 600, 702, 801, 900, 1002]);
    expect(events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []))).toEqual([
      171, 342, 510, 681, 852, 1002,
    ]);
    const episodes = storage.rows.filter((row) => row.type === 'episode');
    expect(new Set(episodes.map(({ environment }) => environment))).toEqual(new Set([0, 1, 2]));
    for (const environment of [0, 1, 2]) {
      const lengths = episodes.filter((row) => row.environment === environment).map(({ length }) => length);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      // The last episode of each is not over.
      expect(total).toBeGreaterThan(334 - 25);
      expect(total).toBeLessThanOrEqual(334);
    }
    const counted = storage.rows.flatMap((row) => (row.type === 'metrics' ? [row.values.episodes!] : []));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(episodes.length);
    expect(events.filter(({ type }) => type === 'episode')).toHaveLength(episodes.length);
  });

  it('acts in every environment before it learns from any, and updates once per step', async () => {
    const agent = new Observer();
    const environment = await several(3, () => new Restless(4));
    const evaluationEnvironment = new Restless(4);
    await train({ ...corridorRun({ environment, evaluationEnvironment, steps: 6 }), agent });
    const round = ['act 0', 'act 1', 'act 2'].concat([0, 1, 2].flatMap((i) => [`observe ${i}`, 'update']));
    expect(agent.calls).toEqual([...round, ...round]);
  });

  it('shows the agent of each environment its own sequence, from the seeds of the rule', async () => {
    const property = fc.asyncProperty(
      ...[fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200 })],
      fc.nat(),
      async (count, longest, steps, seed) => {
        const made: Restless[] = [];
        const environment = await several(count, () => made[made.push(new Restless(longest)) - 1]!);
        const agent = new Observer();
        const options = corridorRun({ environment, evaluationEnvironment: new Restless(3), steps, seed });
        const { steps: taken } = await train({ ...options, agent });
        expect(taken).toBe(Math.ceil(steps / count) * count);
        const starts = Rng.fromSeed(seed).split('training').split('episode');
        made.forEach(({ episodes }, i) => {
          const stream = i === 0 ? starts : starts.split(`environment ${i}`);
          const seen = agent.seen.filter((transition) => transition.environment === i);
          expect(seen).toHaveLength(taken / count);
          episodes.forEach((episode, k) => {
            expect(episode.seed).toBe(stream.split(k).uint32());
            const shown = episode.observations;
            const part = seen.splice(0, shown.length - 1);
            expect(part.map(({ observation }) => observation[0])).toEqual(shown.slice(0, -1));
            expect(part.map(({ nextObservation }) => nextObservation[0])).toEqual(shown.slice(1));
            const ends = part.map(({ terminated, truncated }) => terminated || truncated);
            if (k < episodes.length - 1) expect(ends.indexOf(true)).toBe(part.length - 1);
            else expect(ends).not.toContain(true);
          });
          expect(seen).toEqual([]);
        });
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('lets what one environment shows not depend on the others', async () => {
    const shownIn = async (count: number): Promise<Restless[]> => {
      const made: Restless[] = [];
      const environment = await several(count, () => made[made.push(new Restless(6)) - 1]!);
      const options = corridorRun({
        ...{ environment, evaluationEnvironment: new Restless(3), steps: 60 * count },
      });
      await train({ ...options, agent: new Observer() });
      return made;
    };
    const [two, four] = [await shownIn(2), await shownIn(4)];
    expect(four.slice(0, 2).map(({ episodes }) => episodes)).toEqual(two.map(({ episodes }) => episodes));
  });
});

describe('interrupting and resuming in several environments', () => {
  it.each([
    ['before the first step', ({ type }: RunEvent) => type === 'start'],
    ['at a metrics row', (event: RunEvent) => event.type === 'metrics' && event.step === 300],
    ['at an evaluation', (event: RunEvent) => event.type === 'evaluation' && event.evaluation.step === 501],
    ['at a checkpoint', (event: RunEvent) => event.type === 'checkpoint' && event.step >= 510],
    ['at the end of an episode', (event: RunEvent) => event.type === 'episode' && event.step > 777],
    ['just before an evaluation', (event: RunEvent) => event.type === 'metrics' && event.step === 501],
  ])('%s changes no number', async (_, matches) => {
    const whole = new MemoryRunStorage();
    const uninterrupted = await run({ storage: whole });
    const expected = await train(uninterrupted);
    const storage = new MemoryRunStorage();
    const controller = new AbortController();
    const listeners = [(event: RunEvent) => matches(event) && controller.abort()];
    const first = await train(await run({ storage, signal: controller.signal, listeners }));
    expect(first.outcome).toBe('interrupted');
    expect((await storage.latestCheckpoint())!.step).toBe(first.steps);
    const resumed = await run({ storage, resume: true });
    const actual = await train(resumed);
    expect({ ...actual, stepsPerSecond: 0 }).toEqual({ ...expected, stepsPerSecond: 0 });
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
    expect(stateOf(resumed.agent.save())).toEqual(stateOf(uninterrupted.agent.save()));
  });

  it.each([500, 530, 600, 750])(
    'a run of %i steps that is lengthened gives what a longer one gives',
    async (steps) => {
      const whole = new MemoryRunStorage();
      const longer = await run({ storage: whole });
      await train(longer);
      const storage = new MemoryRunStorage();
      await train(await run({ storage, steps }));
      const again = await run({ storage, steps, resume: true });
      const rows = reproducible(storage.rows);
      await train(again);
      expect(reproducible(storage.rows)).toEqual(rows);
      const resumed = await run({ storage, resume: true });
      await train(resumed);
      expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
      expect(stateOf(resumed.agent.save())).toEqual(stateOf(longer.agent.save()));
    },
  );

  it('drops rows newer than the checkpoint after a fault', async () => {
    const whole = new MemoryRunStorage();
    await train(await run({ storage: whole }));
    const storage = new MemoryRunStorage();
    const environment = await several(3, (i) =>
      i === 1 ? new FaultyCorridor(204, Number.NaN) : new StatefulCorridor(),
    );
    const failure = await failureOf(train(await run({ storage, environment })));
    expect(failure.message).toMatch(
      /^environment steps 610 to 612: environment 1 of 3 \(seed \d+, step \d+ since then\) failed with .*reward NaN.* correct the environment and resume\.$/,
    );
    await train(await run({ storage, resume: true }));
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
  });

  it.each([1, 2])('refuses to go on in %i', async (count) => {
    const storage = new MemoryRunStorage();
    await train(await run({ storage, steps: 30 }));
    const failure = await failureOf(train(await run({ storage, resume: true }, count)));
    expect(failure.field).toBe('environment');
    expect(failure.message).toMatch(
      `in 3 environments and cannot be resumed in ${count === 1 ? 'one' : count}`,
    );
  });
});

describe('what several environments cannot do', () => {
  it('be stored without a state', async () => {
    const environment = await several(2, () => new Corridor());
    const failure = await failureOf(train(await run({ environment, storage: new MemoryRunStorage() })));
    expect(failure.field).toBe('environment');
    expect(failure.message).toMatch(/2 environments needs getState and setState.*no moment between episodes/);
    expect(await train(await run({ environment, steps: 30 }))).toMatchObject({ steps: 30 });
  });

  it('keep running statistics', async () => {
    const environment = await several(2, () => new NormalizeObservation(new Restless(3)));
    const failure = await failureOf(train(await run({ environment })));
    expect(failure.field).toBe('environment');
    expect(failure.message).toMatch(/statistics of its own.*normalizeObservations, rewardScaling/);
  });
});

describe('faults in several environments', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'name the one that gives a reward of %s',
    async (reward) => {
      const environment = await several(3, (i) =>
        i === 2 ? new FaultyCorridor(2, reward) : new StatefulCorridor(),
      );
      const failure = await failureOf(train(await run({ environment })));
      expect(failure.message).toMatch(
        new RegExp(`^environment 2 of 3, environment steps 4 to 6: step returned the reward ${reward}`),
      );
    },
  );

  it('name the one whose numbers the agent refuses', async () => {
    const options = await run();
    options.agent.observe = ({ environment }) => {
      if (environment === 1) throw new SpaceMismatchError('observe: observation: 1e300 is too large');
    };
    const failure = await failureOf(train(options));
    expect(failure.message).toMatch(/^environment 1 of 3, environment step 2: observe: observation: 1e300/);
  });

  it('name the step at which the agent fails', async () => {
    const options = await run();
    const act = options.agent.act.bind(options.agent);
    options.agent.act = (observation, how) => {
      if (how.environment === 2) throw new RangeError('a mistake');
      return act(observation, how);
    };
    const failure = await failureOf(train(options));
    expect(failure.message).toMatch(
      /^agent TabularAgent, environment step 3: act threw RangeError: a mistake/,
    );
  });

  it('name the one whose simulation becomes unstable', async () => {
    const warnings: string[] = [];
    const environment = await several(3, (i) => {
      const corridor = new StatefulCorridor();
      const step = corridor.step.bind(corridor);
      if (i === 1) {
        corridor.step = (action) => ({ ...step(action), info: { instability: 'BADQACC' } });
      }
      return corridor;
    });
    const listeners = [(event: RunEvent) => event.type === 'warning' && warnings.push(event.message)];
    await train(await run({ environment, listeners, steps: 30 }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^environment 1 of 3: .* environment step 2 \(BADQACC\)/);
  });
});
