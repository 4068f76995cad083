import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qLearning } from '@maxent/agents';
import { type InvalidInputError, isMaxentError, type RunEvent } from '@maxent/core';
import { NormalizeObservation, Pendulum, pendulum, TimeLimit } from '@maxent/envs';
import { MemoryRunStorage } from '@maxent/training';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type TrainedRun, type TrainOptions, train } from './index.js';

const call = train as unknown as (
  agent: unknown,
  world: unknown,
  options: TrainOptions,
) => Promise<TrainedRun>;

const small = { hiddenSizes: [8, 8], batchSize: 16, learningStarts: 60 };

async function failureOf(made: Promise<unknown>): Promise<InvalidInputError> {
  const error = await made.then(
    () => new Error('nothing failed'),
    (failure: unknown) => failure,
  );
  expect((error as Error).message).not.toBe('nothing failed');
  expect(isMaxentError(error)).toBe(true);
  return error as InvalidInputError;
}

async function runDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-several-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'run');
}

describe('train with envs', () => {
  it.each([
    ['sac', 'Pendulum-v1', small],
    ['dqn', 'CartPole-v1', { ...small, nStep: 3 }],
    ['q-learning', 'FrozenLake-v1', {}],
  ])('%s is stopped and goes on to the numbers of a run that never stopped', async (agent, world, config) => {
    const options = {
      ...{
        config,
        envs: 3,
        steps: 300,
        onWarning: () => undefined,
        evalEvery: 100,
        evalEpisodes: 1,
        evalMaxSteps: 30,
        logEvery: 40,
      },
    };
    const whole = new MemoryRunStorage();
    const uninterrupted = await call(agent, world, { ...options, out: whole });
    onTestFinished(() => uninterrupted.close());
    expect(uninterrupted.steps).toBe(300);
    const out = await runDirectory();
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === 'metrics' && event.step > 150) controller.abort();
    };
    const stopped = await call(agent, world, { ...options, out, onEvent, signal: controller.signal });
    stopped.close();
    expect([stopped.outcome, stopped.steps]).toEqual(['interrupted', 162]);
    const resumed = await call(agent, world, { ...options, out, resume: true });
    onTestFinished(() => resumed.close());
    expect(resumed.evaluations).toEqual(uninterrupted.evaluations);
    expect(resumed.config.envs).toBe(3);
    expect(resumed.agent.save().arrays).toEqual(uninterrupted.agent.save().arrays);
    const text = await readFile(join(out, 'metrics.jsonl'), 'utf8');
    const untimed = (rows: readonly object[]) =>
      rows.map((row) => ({ ...row, wallSeconds: 0, stepsPerSecond: 0 }));
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(untimed(rows)).toEqual(untimed(whole.rows));
    // Without saying it again.
    const again = await call(agent, world, { ...options, envs: undefined, out, resume: true });
    again.close();
    expect(again.config.envs).toBe(3);
    for (const envs of [1, 2]) {
      const failure = await failureOf(call(agent, world, { ...options, envs, out, resume: true }));
      expect(failure.field).toBe('envs');
      expect(failure.message).toMatch(`started with 3 and cannot be resumed with ${envs}`);
    }
  });

  it('of one environment is the same run as without', async () => {
    const options = { config: small, steps: 80, evalEpisodes: 1 };
    const runs = await Promise.all(
      [{}, { envs: 1 }, { envs: 1, envWorkers: 0 }, { envWorkers: 1 }].map((more) =>
        call('sac', 'Pendulum-v1', { ...options, ...more }),
      ),
    );
    for (const run of runs) {
      expect(run.config).not.toHaveProperty('envs');
      expect(run.evaluations).toEqual(runs[0]!.evaluations);
      run.close();
    }
  });

  const normalized = {
    ...pendulum,
    id: 'NormalizedPendulum-v0',
    create: () => new NormalizeObservation(new Pendulum()),
  };
  const stateless = {
    ...pendulum,
    id: 'StatelessPendulum-v0',
    create: () => {
      const made = new TimeLimit(new Pendulum(), 9);
      return Object.assign(made, { getState: undefined, setState: undefined });
    },
  };
  const single = { ...qLearning, severalEnvironments: false };

  it.each([0, 1])('with envWorkers %i runs in this thread, whatever the environment', async (envWorkers) => {
    const options = { config: small, steps: 10, evalEpisodes: 1 };
    const run = await call('sac', stateless, { ...options, envs: 2, envWorkers });
    expect(run.steps).toBe(10);
    run.close();
  });

  it.each<[string, unknown, unknown, Partial<TrainOptions>, string, RegExp]>([
    ['none', 'sac', 'Pendulum-v1', { envs: 0 }, 'envs', /got 0/],
    ['half of one', 'sac', 'Pendulum-v1', { envs: 1.5 }, 'envs', /got 1.5/],
    [
      'a million',
      'sac',
      'Pendulum-v1',
      { envs: 1e6 },
      'envs',
      /1000000 environments would take 976.6 GiB.*use fewer/,
    ],
    ['too many to count', 'sac', 'Pendulum-v1', { envs: 1e300 }, 'envs', /got 1e\+?300/],
    [
      'an agent for one',
      single,
      'FrozenLake-v1',
      { envs: 2 },
      'envs',
      /the agent q-learning.*severalEnvironments/,
    ],
    ['a family', 'pearl', 'PointRobot', { envs: 2 }, 'envs', /expected 1 for a task family, got 2/],
    ['statistics', 'sac', normalized, { envs: 2 }, 'envs', /statistics of its own.*normalizeObservations/],
    [
      'no state',
      'sac',
      stateless,
      { envs: 2, out: new MemoryRunStorage() },
      'envs',
      /needs getState and setState/,
    ],
    [
      'threads for one',
      'sac',
      'Pendulum-v1',
      { envWorkers: 2 },
      'envWorkers',
      /expected 0 or 1 for one.*got 2; set envs/,
    ],
    ['less than no thread', 'sac', 'Pendulum-v1', { envs: 2, envWorkers: -1 }, 'envWorkers', /got -1/],
    [
      'more threads than environments',
      'sac',
      'Pendulum-v1',
      { envs: 2, envWorkers: 3 },
      'envWorkers',
      /at most one for each of 2 environments, got 3/,
    ],
    [
      'threads for an environment of its own',
      'sac',
      stateless,
      { envs: 2, envWorkers: 2 },
      'envWorkers',
      /cannot import StatelessPendulum-v0, which is neither built in/,
    ],
  ])('refuses %s', async (_, agent, world, options, field, problem) => {
    const failure = await failureOf(call(agent, world, { steps: 10, ...options }));
    expect(failure.field).toBe(field);
    expect(failure.message).toMatch(problem);
  });
});
