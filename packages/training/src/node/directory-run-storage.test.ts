import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DamagedDataError, InvalidInputError, type RunEvent, StorageError } from '@maxent/core';
import { describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { MemoryRunStorage } from '../memory-run-storage.js';
import type { RunConfig } from '../run-config.js';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun, reproducible, stateOf } from '../test-support/runs.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { nodeFileOperations } from './file-operations.js';
import { MetricsLog } from './metrics-log.js';
import { readRun } from './read-run.js';

async function failureOf(promise: Promise<unknown>): Promise<InvalidInputError> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(InvalidInputError);
  return failure as InvalidInputError;
}

async function wholeRun() {
  const storage = new MemoryRunStorage();
  const options = corridorRun({ storage });
  await train(options);
  return { rows: reproducible(storage.rows), agent: stateOf(options.agent.save()) };
}

/** A run in a directory that was interrupted at the given step, its storage closed. */
async function interruptedRun(step: number) {
  const directory = join(await temporaryDirectory(), 'nested', 'run');
  const storage = await DirectoryRunStorage.create(directory, corridorConfig());
  const controller = new AbortController();
  const listener = (event: RunEvent) => {
    if (event.type === 'checkpoint' && event.step >= step) controller.abort();
  };
  const options = corridorRun({ storage, signal: controller.signal, listeners: [listener] });
  expect((await train(options)).outcome).toBe('interrupted');
  await storage.close();
  return directory;
}

async function resumeRun(directory: string, events: RunEvent[] = []) {
  const storage = await DirectoryRunStorage.resume(directory, corridorConfig());
  const options = corridorRun({ storage, resume: true, listeners: [(event) => events.push(event)] });
  await train(options);
  await storage.close();
  const { rows } = await (await readRun(directory)).readRows();
  return { rows: reproducible(rows), agent: stateOf(options.agent.save()) };
}

describe('a run directory', () => {
  it('holds everything after an interrupted and resumed run', async () => {
    const directory = await interruptedRun(400);
    expect(await resumeRun(directory)).toEqual(await wholeRun());
    const names = (await readdir(directory)).map((name) =>
      name.replace(/^(events\.out\.tfevents)\..*/, '$1'),
    );
    expect(names.sort()).toEqual([
      'checkpoints',
      'config.json',
      'events.out.tfevents',
      'events.out.tfevents',
      'metrics.jsonl',
      'replay',
    ]);
    const run = await readRun(directory);
    expect(run.config).toEqual(corridorConfig());
    expect((await run.latestCheckpoint())!.step).toBe(1000);
  });

  it('drops rows newer than the checkpoint and a line that was being written', async () => {
    const directory = await interruptedRun(400);
    const newer = { type: 'episode', step: 99_999, return: 0, length: 1, terminated: true, wallSeconds: 1 };
    await appendFile(join(directory, 'metrics.jsonl'), `${JSON.stringify(newer)}\n{"type":"episo`);
    expect(await resumeRun(directory)).toEqual(await wholeRun());
  });

  it('falls back to the checkpoint before a damaged one, says so, and still ends the same', async () => {
    const directory = await interruptedRun(400);
    await truncate(join(directory, 'checkpoints/step-510/arrays.safetensors'), 10);
    const events: RunEvent[] = [];
    expect(await resumeRun(directory, events)).toEqual(await wholeRun());
    expect(events[0]).toMatchObject({ type: 'start', step: 340, resumed: true });
    expect(events[1]).toMatchObject({
      type: 'warning',
      message: expect.stringContaining('step-510 is damaged'),
    });
  });

  it('cannot be resumed when every checkpoint is damaged, and is left as it is', async () => {
    const directory = await interruptedRun(400);
    for (const step of [340, 510]) await rm(join(directory, `checkpoints/step-${step}/manifest.json`));
    const before = await readFile(join(directory, 'metrics.jsonl'));
    const names = await readdir(join(directory, 'checkpoints'));
    const storage = await DirectoryRunStorage.resume(directory, corridorConfig());
    const failure: unknown = await train(corridorRun({ storage, resume: true })).catch((error) => error);
    await storage.close();
    expect(failure).toBeInstanceOf(DamagedDataError);
    // Nothing was set aside, so the message must not say so.
    expect((failure as Error).message).not.toContain('kept as');
    expect(await readFile(join(directory, 'metrics.jsonl'))).toEqual(before);
    expect(await readdir(join(directory, 'checkpoints'))).toEqual(names);
  });
});

it.each([500, 530, 600, 750])(
  'lengthens a run of %i steps as if it had been longer from the start',
  async (steps) => {
    const directory = await temporaryDirectory();
    const first = await DirectoryRunStorage.create(directory, corridorConfig({ steps }));
    await train(corridorRun({ storage: first, steps }));
    await first.close();
    expect(await resumeRun(directory)).toEqual(await wholeRun());
    expect((await readRun(directory)).config).toEqual(corridorConfig());
  },
);

describe('a disk that is full', () => {
  const full = () => {
    const error = new Error('ENOSPC: no space left on device, write');
    return Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write' });
  };
  const places: [string, () => MockInstance][] = [
    ['rows', () => vi.spyOn(MetricsLog.prototype, 'append')],
    ['checkpoints', () => vi.spyOn(nodeFileOperations, 'writeFile')],
    ['names', () => vi.spyOn(nodeFileOperations, 'syncDirectory')],
  ];

  it.each(places)('for %s is named, and the run goes on once there is room', async (_, spy) => {
    const directory = await temporaryDirectory();
    const storage = await DirectoryRunStorage.create(directory, corridorConfig());
    const spied = spy();
    onTestFinished(() => spied.mockRestore());
    const listener = (event: RunEvent) => {
      if (event.type === 'checkpoint' && event.step === 340) spied.mockRejectedValue(full());
    };
    const failure = await train(corridorRun({ storage, listeners: [listener] })).catch(
      (error: unknown) => error,
    );
    await storage.close();
    expect(failure).toBeInstanceOf(StorageError);
    expect(failure).toMatchObject({ code: 'STORAGE', message: expect.stringContaining(`"${directory}"`) });
    expect((failure as Error).message).toMatch(/ENOSPC: no space left on device.*last checkpoint is intact/);
    spied.mockRestore();
    const events: RunEvent[] = [];
    expect(await resumeRun(directory, events)).toEqual(await wholeRun());
    expect(events[0]).toMatchObject({ type: 'start', step: 340 });
  });
});

describe('further files of a run', () => {
  const files = { 'levels.bin': Uint8Array.of(1, 2, 3) };

  it('are there when the run is', async () => {
    const directory = await temporaryDirectory();
    await (await DirectoryRunStorage.create(directory, corridorConfig(), { files })).close();
    expect([...(await readFile(join(directory, 'levels.bin')))]).toEqual([1, 2, 3]);
    expect((await readdir(directory)).sort()).toEqual(['config.json', 'levels.bin', 'metrics.jsonl']);
  });

  it('come first: without them there is no run, and one can be started', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'levels.bin'));
    await failureOf(DirectoryRunStorage.create(directory, corridorConfig(), { files }));
    expect((await failureOf(readRun(directory))).message).toContain('holds no run');
    await rm(join(directory, 'levels.bin'), { recursive: true });
    await (await DirectoryRunStorage.create(directory, corridorConfig(), { files })).close();
  });

  it('are not touched where there is a run already', async () => {
    const directory = await interruptedRun(100);
    await failureOf(DirectoryRunStorage.create(directory, corridorConfig(), { files }));
    expect(await readdir(directory)).not.toContain('levels.bin');
  });
});

describe('refusals', () => {
  it('does not start in a used directory', async () => {
    const directory = await interruptedRun(100);
    const failure = await failureOf(DirectoryRunStorage.create(directory, corridorConfig()));
    expect(failure.field).toBe('out');
    expect(failure.message).toMatch(/already holds a run .*resume.*another directory/);
    await resumeRun(directory);
  });

  it('starts in a directory that holds other files', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'console.txt'), '');
    await (await DirectoryRunStorage.create(directory, corridorConfig())).close();
  });

  it.each([
    ['below a file', async (base: string) => join(base, 'file', 'run')],
    ['that is a file', async (base: string) => join(base, 'file')],
    ['with a name that is too long', async (base: string) => join(base, 'x'.repeat(300))],
    ['where the system takes no new names', async () => '/proc/x/run'],
  ])('does not start in a directory %s', async (_, place) => {
    const base = await temporaryDirectory();
    await writeFile(join(base, 'file'), '');
    const failure = await failureOf(DirectoryRunStorage.create(await place(base), corridorConfig()));
    expect(failure.field).toBe('out');
    expect(failure.message).toMatch(/cannot write to .*E[A-Z]+.*choose a directory/);
  });

  it('does not resume what is not there', async () => {
    const directory = join(await temporaryDirectory(), 'none');
    const failure = await failureOf(DirectoryRunStorage.resume(directory, corridorConfig()));
    expect(failure.field).toBe('out');
    expect((await failureOf(readRun(directory))).field).toBe('runDir');
  });

  it.each<[string, Partial<RunConfig>]>([
    ['seed', { seed: 8 }],
    ['steps', { steps: 999 }],
    ['backend', { backend: 'wasm' }],
    [
      'agent.config.learningRate',
      { agent: { name: 'tabular', config: { learningRate: 0.2, hidden: [8, 8] } } },
    ],
    ['agent.config.hidden', { agent: { name: 'tabular', config: { learningRate: 0.1, hidden: [8] } } }],
    [
      'evaluation.stopWhen',
      { evaluation: { every: 250, episodes: 4, stopWhen: { returnAtLeast: 1, consecutive: 1 } } },
    ],
  ])('names %s when it differs from the run being resumed', async (field, changes) => {
    const directory = await interruptedRun(100);
    const failure = await failureOf(DirectoryRunStorage.resume(directory, corridorConfig(changes)));
    expect(failure.field).toBe(field);
    expect(failure.message).toMatch(/started with .* cannot be resumed with/);
  });

  it('resumes with other versions and on another machine', async () => {
    const directory = await interruptedRun(100);
    const provenance = { startedAt: '', versions: { node: 'v99' }, machine: {} };
    await (await DirectoryRunStorage.resume(directory, corridorConfig({ provenance }))).close();
  });

  it('resumes with plugins from elsewhere, and goes on recording those of the start', async () => {
    const directory = await interruptedRun(100);
    const { plugins } = (await readRun(directory)).config;
    const moved = corridorConfig({ plugins: ['published', '../elsewhere/plugin.ts'] });
    await (await DirectoryRunStorage.resume(directory, moved)).close();
    expect((await readRun(directory)).config.plugins).toEqual(plugins);
  });

  it('names a config.json that was altered', async () => {
    const directory = await interruptedRun(100);
    await writeFile(
      join(directory, 'config.json'),
      '{"format": "maxent-run", "formatVersion": 1, "agent": 3}',
    );
    await expect(readRun(directory)).rejects.toThrow(/config\.json": agent/);
  });
});

describe('the lock', () => {
  it('keeps a second user out until the first has closed', async () => {
    const directory = await temporaryDirectory();
    const first = await DirectoryRunStorage.create(directory, corridorConfig());
    const failure = await failureOf(DirectoryRunStorage.resume(directory, corridorConfig()));
    expect(failure.field).toBe('out');
    expect(failure.message).toContain(`in use by process ${process.pid}`);
    await first.close();
    await (await DirectoryRunStorage.resume(directory, corridorConfig())).close();
  });

  it('of a process that was killed does not count', async () => {
    const directory = await temporaryDirectory();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const lock = JSON.stringify({ host: hostname(), pid: child.pid, startTime: null });
    await writeFile(join(directory, 'lock'), lock);
    await failureOf(DirectoryRunStorage.create(directory, corridorConfig()));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await DirectoryRunStorage.create(directory, corridorConfig())).close();
  });

  it.runIf(process.platform === 'linux')(
    'of an earlier process with the same id does not count',
    async () => {
      const directory = await temporaryDirectory();
      await writeFile(
        join(directory, 'lock'),
        JSON.stringify({ host: hostname(), pid: process.pid, startTime: '1' }),
      );
      await (await DirectoryRunStorage.create(directory, corridorConfig())).close();
    },
  );

  it('of another machine counts, and the message says which file to delete', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'lock'), JSON.stringify({ host: 'elsewhere', pid: 1, startTime: null }));
    const failure = await failureOf(DirectoryRunStorage.create(directory, corridorConfig()));
    expect(failure.message).toContain(join(directory, 'lock'));
  });

  it('that was never written in full counts for a moment only', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'lock'), '');
    await failureOf(DirectoryRunStorage.create(directory, corridorConfig()));
    await utimes(join(directory, 'lock'), new Date(), new Date(Date.now() - 10_000));
    await (await DirectoryRunStorage.create(directory, corridorConfig())).close();
  });

  it('lets one of many through', async () => {
    const directory = await temporaryDirectory();
    await mkdir(directory, { recursive: true });
    const attempts = Array.from({ length: 8 }, () => DirectoryRunStorage.create(directory, corridorConfig()));
    const results = await Promise.allSettled(attempts);
    const opened = results.filter((result) => result.status === 'fulfilled');
    expect(opened).toHaveLength(1);
    await opened[0]!.value.close();
  });
});
