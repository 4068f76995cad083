import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Evaluation, isMaxentError } from '@maxent/core';
import { MemoryRunStorage } from '@maxent/training';
import { describe, expect, it, onTestFinished } from 'vitest';
import { train } from './index.js';

const small = { config: { hiddenSizes: [16, 16], learningStarts: 100 }, evalEpisodes: 2 };

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-library-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('train', () => {
  it('trains by name, with the defaults of the command line', async () => {
    const told: Evaluation[] = [];
    const run = await train('sac', 'Pendulum-v1', {
      ...small,
      steps: 200,
      onEvaluation: (evaluation) => told.push(evaluation),
    });
    onTestFinished(() => run.close());
    // The agent itself, with what its class adds, not only what a contract asks for.
    expect(run.agent.constructor.name).toBe('SoftActorCritic');
    expect(run.outcome).toBe('completed');
    expect(run.steps).toBe(200);
    expect(run.updates).toBe(100);
    expect(run.evaluations.map(({ step }) => step)).toEqual([200]);
    expect(told).toEqual(run.evaluations);
    expect(run.config).toMatchObject({
      agent: { name: 'sac', config: { hiddenSizes: [16, 16] } },
      environment: { id: 'Pendulum-v1' },
      seed: 1,
      logEvery: 1000,
      checkpointEvery: 5000,
      evaluation: { every: 5000, episodes: 2 },
    });
    expect(run.agent.act(Float32Array.of(1, 0, 0), { deterministic: true })).toHaveLength(1);
  });

  it('is stopped by an abort, and goes on to the numbers of a run that never stopped', async () => {
    const whole = await train('dqn', 'CartPole-v1', { ...small, steps: 300, evalEvery: 100 });
    onTestFinished(() => whole.close());
    for (const out of [await temporaryDirectory(), new MemoryRunStorage()]) {
      const controller = new AbortController();
      const stopped = await train('dqn', 'CartPole-v1', {
        ...small,
        steps: 300,
        evalEvery: 100,
        out: typeof out === 'string' ? join(out, 'run') : out,
        signal: controller.signal,
        onEvaluation: () => controller.abort(),
      });
      stopped.close();
      expect([stopped.outcome, stopped.steps]).toEqual(['interrupted', 100]);
      const resumed = await train('dqn', 'CartPole-v1', {
        ...small,
        steps: 300,
        evalEvery: 100,
        out: typeof out === 'string' ? join(out, 'run') : out,
        resume: true,
      });
      expect(resumed.evaluations).toEqual(whole.evaluations);
      resumed.close();
    }
  });

  it('learns over a family of tasks', async () => {
    const run = await train('pearl', 'PointRobot', {
      steps: 60,
      evalEpisodes: 2,
      config: {
        trainTasks: 2,
        testTasks: 1,
        explorationEpisodes: 1,
        hiddenSizes: [8],
        encoderHiddenSizes: [8],
      },
      onWarning: () => undefined,
    });
    onTestFinished(() => run.close());
    expect(run.config.family).toBe(true);
    expect(run.evaluations.at(-1)?.adaptation?.returns).toHaveLength(1);
  });

  it.each<[string, unknown[], RegExp]>([
    ['an object alone', [{}], /^agent: expected the name of an agent.*got \{\}; write train\('sac'/],
    ['nothing', [], /^agent: .*got undefined/],
    ['no environment', ['sac'], /^environment: expected the id.*got undefined/],
    ['no options', ['sac', 'Pendulum-v1'], /^options: expected an object with at least the steps/],
    ['no steps', ['sac', 'Pendulum-v1', {}], /^steps: /],
    ['an unknown agent', ['sacc', 'Pendulum-v1', { steps: 1 }], /unknown agent "sacc".*"sac"/],
    ['an unknown environment', ['sac', 'Pendulum-v2', { steps: 1 }], /"Pendulum-v2".*"Pendulum-v1"/],
    ['an unknown option', ['sac', 'Pendulum-v1', { steps: 1, sed: 1 }], /sed.*seed/],
    ['an unknown setting', ['sac', 'Pendulum-v1', { steps: 1, config: { hiddenSize: [8] } }], /hiddenSizes/],
    [
      'a listener that is none',
      ['sac', 'Pendulum-v1', { steps: 1, onEvaluation: 1 }],
      /^onEvaluation: expected a function, got 1/,
    ],
    ['resume without a place', ['sac', 'Pendulum-v1', { steps: 1, resume: true }], /^out: is required/],
    ['an agent that does not fit', ['dqn', 'Pendulum-v1', { steps: 1 }], /Discrete/],
  ])('refuses %s', async (_, words, problem) => {
    const call = train as (...words: unknown[]) => Promise<unknown>;
    const error: unknown = await call(...words).catch((failure: unknown) => failure);
    expect(isMaxentError(error)).toBe(true);
    expect((error as Error).message).toMatch(problem);
  });
});
