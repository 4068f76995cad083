import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { threadId } from 'node:worker_threads';
import type { VectorEnvironment } from '@maxent/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEnvironment } from '../make-environment.js';
import { envsPlugin } from '../plugin.js';
import { SyncVectorEnvironment } from '../vector/sync-vector-environment.js';
import { drive, goOn } from '../vector/test-support/drive.js';
import { faultyPlugin } from '../vector/test-support/faulty.js';
import { type Compiled, compile } from './test-support/compiled.js';

let compiled: Compiled;
const opened: VectorEnvironment[] = [];

beforeAll(async () => {
  compiled = await compile();
});

afterAll(async () => {
  for (const vector of opened) await vector.close();
  await compiled.remove();
});

interface Choice {
  readonly id: string;
  readonly options?: Record<string, unknown>;
  readonly count: number;
  readonly workers?: number;
}

async function inWorkers(choice: Choice): Promise<VectorEnvironment> {
  const { WorkerVectorEnvironment } = compiled.node;
  const vector = await WorkerVectorEnvironment.create({ module: compiled.plugin, ...choice });
  opened.push(vector);
  return vector;
}

function inThisThread({ id, options = {}, count }: Choice): Promise<VectorEnvironment> {
  const definitions = [...envsPlugin.environments!, ...faultyPlugin.environments!];
  const definition = definitions.find((candidate) => candidate.id === id)!;
  return SyncVectorEnvironment.create(() => makeEnvironment(definition, options), count);
}

describe('WorkerVectorEnvironment', () => {
  it.each([
    { id: 'Pendulum-v1', count: 4, workers: 2 },
    { id: 'CartPole-v1', count: 3, workers: 3 },
    { id: 'FrozenLake-v1', count: 3, workers: 2 },
    { id: 'Taxi-v4', options: { rainy: true }, count: 2, workers: 1 },
    { id: 'Taxi-v4', options: { rainy: true }, count: 2, workers: 2 },
    { id: 'MultiGoal-v0', count: 5, workers: 2 },
    { id: 'LinearQuadratic-v0', count: 2, workers: 2 },
    { id: 'Faulty-v0', count: 3, workers: 2 },
    { id: 'Faulty-v0', options: { infos: 'arrays' }, count: 3, workers: 2 },
    { id: 'Faulty-v0', options: { infos: 'everDifferent' }, count: 3, workers: 2 },
  ])('gives bit for bit what this thread gives: $id, $count in $workers', async (choice) => {
    const [workers, here] = [await inWorkers(choice), await inThisThread(choice)];
    expect(workers.observationSpace.toString()).toBe(here.observationSpace.toString());
    expect(workers.actionSpace.toString()).toBe(here.actionSpace.toString());
    expect(await drive(workers, 40)).toStrictEqual(await drive(here, 40));
    expect(
      await drive(
        workers,
        5,
        Array.from({ length: choice.count }, (_, i) => 100 - i),
      ),
    ).toEqual(
      await drive(
        here,
        5,
        Array.from({ length: choice.count }, (_, i) => 100 - i),
      ),
    );
    expect(await workers.reset()).toEqual(await here.reset());
    const seedsAt = (t: number) => Array.from({ length: choice.count }, (_, i) => 1000 * i + t);
    expect(await goOn(workers, 0, 40, seedsAt)).toStrictEqual(await goOn(here, 0, 40, seedsAt));
    await workers.close();
  });

  it.each([
    [2, 1, [0, 0]],
    [4, 2, [0, 0, 1, 1]],
    [5, 2, [0, 0, 1, 1, 1]],
    [5, 3, [0, 1, 1, 2, 2]],
  ])(
    'of %i environments in %i threads, steps the first, smallest share here',
    async (count, workers, shares) => {
      const vector = await inWorkers({ id: 'Where-v0', count, workers });
      const { infos } = await vector.reset({ seed: 1 });
      const ids = infos.map((info) => info.threadId);
      expect(ids[0]).toBe(threadId);
      const distinct = [...new Set(ids)];
      expect(ids.map((id) => distinct.indexOf(id))).toEqual(shares);
      expect((await vector.step(ids.map(() => 0))).infos).toEqual(infos);
      await vector.close();
    },
  );

  it('guards its environments if it is told to, and passes on what the first guard warns of', async () => {
    const warnings: string[] = [];
    const { WorkerVectorEnvironment } = compiled.node;
    const vector = await WorkerVectorEnvironment.create({
      module: compiled.plugin,
      ...{ id: 'Faulty-v0', count: 4, workers: 2, options: { fault: 'throw', at: 3, only: 3 } },
      guard: { onWarning: (message) => warnings.push(message) },
    });
    opened.push(vector);
    await vector.reset({ seed: 1 });
    const actions = Array.from({ length: 4 }, () => Float32Array.of(20));
    for (let t = 0; t < 2; t++) await vector.step(actions);
    expect(warnings.join()).toMatch(
      /^environment "Faulty-v0" of plugin "faulty", step 1 of episode 1: .*outside/,
    );
    await expect(vector.step(actions)).rejects.toThrow(
      /environment 2 of 4 \(Faulty-v0, seed 3, step 3 since then\) failed with EnvironmentFaultError: environment "Faulty-v0" of plugin "faulty", step 3 of episode 1: step threw RangeError/,
    );
  });

  it.each([
    [0, 2],
    [2, 0],
  ])('names environment %i if that is the one that cannot be saved', async (index, seed) => {
    const vector = await inWorkers({ id: 'Unsavable-v0', count: 4, workers: 2 });
    await vector.reset({ seed });
    await expect(vector.getState!()).rejects.toThrow(new RegExp(`environment ${index} of 4 .*no paper`));
  });

  it('hands actions on in the precision that they came in', async () => {
    const vector = await inWorkers({ id: 'Faulty-v0', count: 4, workers: 2 });
    await vector.reset({ seed: 1 });
    const actions = [0, 1].flatMap(() => [Float32Array.of(0.5), Float64Array.of(0.1)]);
    const { rewards } = await vector.step(actions);
    expect([...rewards]).toEqual([0.5, 100.1, 0.5, 100.1]);
    await vector.close();
  });

  it('takes actions as they are when step is called', async () => {
    const vector = await inWorkers({ id: 'Faulty-v0', count: 2, workers: 2 });
    await vector.reset({ seed: 1 });
    const action = Float32Array.of(0.5);
    const pending = vector.step([action, action]);
    action.fill(0.25);
    expect([...(await pending).rewards]).toEqual([0.5, 0.5]);
    await vector.close();
  });

  it('gives observations that belong to the caller', async () => {
    const vector = await inWorkers({ id: 'Pendulum-v1', count: 2, workers: 2 });
    const first = await vector.reset({ seed: 1 });
    const copies = first.observations.map((observation: Float32Array) => observation.slice());
    await goOn(vector, 0, 3);
    expect(first.observations).toEqual(copies);
    for (const { buffer } of first.observations) expect(buffer).toBeInstanceOf(ArrayBuffer);
    await vector.close();
  });

  it('steps alongside whatever is done before the promise is awaited', async () => {
    const vector = await inWorkers({ id: 'Pendulum-v1', count: 2, workers: 2 });
    await vector.reset({ seed: 1 });
    const action = Float32Array.of(0.5);
    const pending = vector.step([action, action]);
    await expect(vector.step([action, action])).rejects.toThrow(
      'step: the previous call has not finished; await it first',
    );
    const here = await inThisThread({ id: 'Pendulum-v1', count: 2 });
    await here.reset({ seed: 1 });
    expect(await pending).toEqual(await here.step([action, action]));
    const another = vector.step([action, action]);
    await vector.close();
    expect(await another).toEqual(await here.step([action, action]));
  });

  it('saves and restores all environments, whatever thread they are in', async () => {
    const [workers, here] = [
      await inWorkers({ id: 'Pendulum-v1', count: 3, workers: 2 }),
      await inThisThread({ id: 'Pendulum-v1', count: 3 }),
    ];
    await drive(workers, 30);
    await here.setState!(await workers.getState!());
    const expected = await goOn(workers, 30, 50);
    expect(await goOn(here, 30, 50)).toEqual(expected);
    await workers.reset({ seed: 77 });
    await workers.setState!(await here.getState!());
    expect(await goOn(workers, 0, 20)).toEqual(await goOn(here, 0, 20));
    await workers.close();
    expect((await inWorkers({ id: 'Faulty-v0', count: 1 })).getState).toBeUndefined();
  });

  it.each([
    ['throw', 1, 'RangeError: wheel came off', 5],
    ['throw', 3, 'RangeError: wheel came off', 5],
    // The thread takes its three environments with it.
    ['exit', 3, 'Error: the worker thread ended with exit code 3', 2],
    ['info', 3, 'DataCloneError: () => 0 could not be cloned', 5],
  ])(
    'reports the environment, seed and step of a fault of kind %s in environment %i, and closes the rest',
    async (fault, at, what, closed) => {
      const closings = new SharedArrayBuffer(4);
      const vector = await inWorkers({
        id: 'Faulty-v0',
        options: { fault, at: 3, only: 10 + at, closings },
        count: 5,
        workers: 2,
      });
      const failed = await drive(vector, 5, 10).catch((error: unknown) => error);
      expect((failed as Error).name).toBe('EnvironmentFaultError');
      expect((failed as Error).message).toContain(
        `environment ${at} of 5 (Faulty-v0, seed ${10 + at}, step 3 since then) failed with ${what}`,
      );
      expect(new Int32Array(closings)[0]).toBe(closed);
      await expect(vector.reset()).rejects.toThrow('reset: the environments are closed; make new ones');
      await vector.close();
    },
  );

  it.each([1, 2])('keeps the stack of what environment %i threw', async (seed) => {
    const options = { fault: 'throw', at: 1, only: seed };
    const vector = await inWorkers({ id: 'Faulty-v0', options, count: 2, workers: 2 });
    const failed = await drive(vector, 1, 1).catch((error: unknown) => error);
    const { cause } = failed as { cause: Error };
    expect(cause.name).toBe('RangeError');
    expect(cause.stack).toMatch(/at .*fail/);
  });

  it('refuses calls that do not fit before anything moves', async () => {
    const vector = await inWorkers({ id: 'Pendulum-v1', count: 2, workers: 2 });
    const action = Float32Array.of(0.5);
    await expect(vector.step([action, action])).rejects.toThrow('no episode has begun');
    await expect(vector.reset({ seed: [1, 2, 3] })).rejects.toThrow('seed: expected one for each of 2');
    await vector.reset({ seed: 3 });
    await expect(vector.step([action])).rejects.toThrow('actions: expected one for each of 2 environments');
    await expect(vector.step([action, 1])).rejects.toThrow(
      'action: expected a flat list of 1 number for Box(1, float32), got 1; write Float32Array.of(1)',
    );
    const here = await inThisThread({ id: 'Pendulum-v1', count: 2 });
    await here.reset({ seed: 3 });
    expect(await vector.step([action, action])).toEqual(await here.step([action, action]));
    await vector.close();
    await vector.close();
    await expect(vector.step([action, action])).rejects.toThrow('step: the environments are closed');
  });

  it.each([
    [{ id: 'Nothing-v0', count: 1 }, 'unknown environment "Nothing-v0"'],
    [{ id: 'Unmakeable-v0', count: 3, workers: 2 }, 'no parts'],
    [{ id: 'Pendulum-v1', options: { gravty: 1 }, count: 1 }, 'Pendulum-v1.gravty: unknown key'],
    [{ id: 'Pendulum-v1', count: 0 }, 'count: expected a positive integer, got 0'],
    [{ id: 'Pendulum-v1', count: 1, workers: 2 }, 'workers: expected at most one per environment, 1, got 2'],
    [{ id: 'Pendulum-v1', count: 1, module: 'some-package' }, "import.meta.resolve('some-package')"],
    [{ id: 'Pendulum-v1', count: 1, module: '/nowhere/plugin.js' }, 'Cannot find module'],
    [{ id: 'Pendulum-v1', count: 1, module: 'node:path' }, 'exports no plugin with environments'],
  ])('says why it cannot be made: %j', async (choice, message) => {
    await expect(inWorkers(choice)).rejects.toThrow(message);
  });

  it('takes no processor time while nothing is asked of it for a while', async () => {
    const vector = await inWorkers({ id: 'Pendulum-v1', count: 4, workers: 4 });
    await vector.reset({ seed: 1 });
    const actions = Array.from({ length: 4 }, () => Float32Array.of(0.5));
    const stepWithPauses = async (steps: number) => {
      const before = process.cpuUsage();
      for (let t = 0; t < steps; t++) {
        await vector.step(actions);
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / steps;
    };
    await stepWithPauses(30);
    // Milliseconds per step; workers that always looked for the next command would add half of one each.
    expect(await stepWithPauses(60)).toBeLessThan(2);
    await vector.close();
  });

  it.each(['--input-type=module', '--max-old-space-size=500'])(
    'lets a program end that forgot to close it, started with %s',
    async (flag) => {
      const program = `(async () => {
      const { WorkerVectorEnvironment } = await import('${compiled.index.href}');
      const vector = await WorkerVectorEnvironment.create({
        module: '${compiled.plugin.href}', id: 'Pendulum-v1', count: 2,
      });
      await vector.reset({ seed: 1 });
      console.log(vector.count);
    })()`;
      const { stdout } = await promisify(execFile)(process.execPath, [flag, '-e', program], {
        timeout: 20_000,
      });
      expect(stdout).toBe('2\n');
    },
  );
});
