import type { RunEvent } from '@maxent/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from './evaluate.js';
import { MemoryRunStorage } from './memory-run-storage.js';
import { EndlessEnvironment, EndlessStatefulEnvironment } from './test-support/endless.js';
import { corridorRun, reproducible } from './test-support/runs.js';
import { TabularAgent } from './test-support/tabular-agent.js';
import { train } from './train.js';

function warningsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
}

/** A run in which no episode ends, and what it reports. */
function endlessRun(changes: Parameters<typeof corridorRun>[0] = {}) {
  const events: RunEvent[] = [];
  const options = corridorRun({
    environment: new EndlessEnvironment(),
    evaluationEnvironment: new EndlessEnvironment(),
    evalMaxSteps: 20,
    steps: 500,
    listeners: [(event) => events.push(event)],
    ...changes,
  });
  return { options, events };
}

/** Makes two seconds pass as soon as `begin` is called. */
function clock() {
  const now = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  return {
    begin: () => {
      ahead = 3000;
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('an evaluation in an environment whose episodes do not end', () => {
  const options = { policy: new TabularAgent(1), episodes: 2, seed: 1, deterministic: true };

  it('is cut after evalMaxSteps, and says how often', async () => {
    const result = await evaluate({ ...options, environment: new EndlessEnvironment(), evalMaxSteps: 30 });
    expect(result).toMatchObject({ returns: [30, 30], lengths: [30, 30], cutEpisodes: 2 });
  });

  it('is cut after 10,000 steps by default', async () => {
    const result = await evaluate({ ...options, environment: new EndlessEnvironment() });
    expect(result).toMatchObject({ lengths: [10_000, 10_000], cutEpisodes: 2 });
  });

  it("goes to the environment's own limit, and does not count episodes that end there as cut", async () => {
    let elapsed = 0;
    const environment = Object.assign(new EndlessEnvironment(), { maxEpisodeSteps: 12_000 });
    const step = environment.step.bind(environment);
    environment.step = (action) => ({ ...step(action), truncated: ++elapsed % 12_000 === 0 });
    const result = await evaluate({ ...options, environment });
    expect(result.lengths).toEqual([12_000, 12_000]);
    expect(result).not.toHaveProperty('cutEpisodes');
  });

  it('does not keep a run from its end, and is warned of once', async () => {
    const { options, events } = endlessRun();
    const { evaluations, outcome } = await train(options);
    expect(outcome).toBe('completed');
    expect(evaluations.map(({ cutEpisodes }) => cutEpisodes)).toEqual([4, 4]);
    const warnings = warningsOf(events).filter((message) => message.includes('cut'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/after 20 steps .*--eval-max-steps/);
  });

  it.each([0, 1.5, Number.NaN])('names an evalMaxSteps of %s', async (evalMaxSteps) => {
    await expect(train(endlessRun({ evalMaxSteps }).options)).rejects.toThrow(/evalMaxSteps: expected/);
    await expect(
      evaluate({ ...options, environment: new EndlessEnvironment(), evalMaxSteps }),
    ).rejects.toThrow(/evalMaxSteps: expected/);
  });
});

describe('a run without getState in which no episode ends', () => {
  it('says once why a checkpoint that is due is not made', async () => {
    const storage = new MemoryRunStorage();
    const { options, events } = endlessRun({ storage, checkpointEvery: 100 });
    await train(options);
    const warnings = warningsOf(events).filter((message) => message.includes('getState'));
    expect(warnings).toEqual([expect.stringMatching(/^a checkpoint is due at step 100 but waits/)]);
    expect((await storage.latestCheckpoint())!.step).toBe(500);
  });

  it('says nothing where checkpoints can be made', async () => {
    const environment = new EndlessStatefulEnvironment();
    const { options, events } = endlessRun({ storage: new MemoryRunStorage(), environment });
    await train(options);
    expect(warningsOf(events).filter((message) => message.includes('getState'))).toEqual([]);
  });

  it('is cut off by an interruption after two seconds, with a checkpoint from which it goes on', async () => {
    const storage = new MemoryRunStorage();
    const controller = new AbortController();
    const time = clock();
    let steps = 0;
    const environment = new EndlessEnvironment(() => {
      steps += 1;
      if (steps === 60) controller.abort();
      if (steps === 80) time.begin();
    });
    const { options, events } = endlessRun({ storage, environment, signal: controller.signal });
    const truncations: number[] = [];
    const observe = options.agent.observe.bind(options.agent);
    options.agent.observe = (transition) => {
      if (transition.truncated) truncations.push(steps);
      observe(transition);
    };
    const { outcome, steps: reached } = await train(options);
    expect(outcome).toBe('interrupted');
    expect(reached).toBe(80);
    expect(truncations).toEqual([80]);
    expect(warningsOf(events).join()).toMatch(/cut off at step 80, as if by a time limit/);
    expect(storage.rows.filter(({ type }) => type === 'episode')).toMatchObject([
      { step: 80, length: 80, return: 80, terminated: false },
    ]);
    expect((await storage.latestCheckpoint())!.step).toBe(80);
    vi.restoreAllMocks();

    const resumed = await train(endlessRun({ storage, resume: true, steps: 200 }).options);
    expect(resumed).toMatchObject({ outcome: 'completed', steps: 200 });
  });

  it('ends an evaluation that outlasts an interruption, and goes on to a checkpoint', async () => {
    const storage = new MemoryRunStorage();
    const controller = new AbortController();
    const time = clock();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let evaluated = 0;
    const evaluationEnvironment = new EndlessEnvironment(() => {
      evaluated += 1;
      if (evaluated !== 50) return;
      controller.abort();
      time.begin();
      vi.advanceTimersByTime(2000);
    });
    const { options, events } = endlessRun({
      storage,
      evaluationEnvironment,
      evalMaxSteps: 1e9,
      signal: controller.signal,
    });
    const { outcome, steps } = await train(options);
    expect({ outcome, steps }).toEqual({ outcome: 'interrupted', steps: 251 });
    expect(warningsOf(events).join()).toMatch(/the evaluation at step 250 .* is left out/);
    expect((await storage.latestCheckpoint())!.step).toBe(251);
  });

  it('with a getState, resumes an interrupted endless evaluation to one that ends', async () => {
    const storage = new MemoryRunStorage();
    const whole = new MemoryRunStorage();
    const make = (changes: Parameters<typeof corridorRun>[0]) =>
      endlessRun({
        environment: new EndlessStatefulEnvironment(),
        evaluationEnvironment: new EndlessStatefulEnvironment(),
        ...changes,
      }).options;
    await train(make({ storage: whole }));
    const controller = new AbortController();
    const hanging = new EndlessStatefulEnvironment(() => controller.abort());
    const { outcome, steps } = await train(
      make({
        storage,
        evaluationEnvironment: hanging,
        evalMaxSteps: 1e9,
        signal: controller.signal,
      }),
    );
    expect({ outcome, steps }).toEqual({ outcome: 'interrupted', steps: 250 });
    await train(make({ storage, resume: true }));
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
  });
});
