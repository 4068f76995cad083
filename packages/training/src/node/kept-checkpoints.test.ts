import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, isMaxentError, type RunEvent, type Snapshot } from '@maxent/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadAgent } from '../checkpoint.js';
import { MemoryRunStorage } from '../memory-run-storage.js';
import type { RunStorage } from '../run-storage.js';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun } from '../test-support/runs.js';
import { TabularAgent } from '../test-support/tabular-agent.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { CheckpointStore } from './checkpoint-store.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { nodeFileOperations } from './file-operations.js';
import { readRun } from './read-run.js';

/** Mean returns of the evaluations at steps 100, 200, ...; the best are those of 100, 200, 500 and 800. */
const MEANS = [1, 3, 3, 2, 5, 4, 4, 6, 1, 2];

/** Trains with evaluations of these means and checkpoints every 170 steps, until an event stops it. */
async function trainScripted(
  storage: RunStorage,
  {
    steps = 1000,
    resume = false,
    stop,
  }: { steps?: number; resume?: boolean; stop?: (event: RunEvent) => boolean } = {},
): Promise<TabularAgent> {
  const controller = new AbortController();
  const { evaluationEnvironment: _, ...options } = corridorRun();
  const { agent } = options;
  await train({
    ...options,
    evaluator: async () => {
      const returnMean = MEANS[Math.ceil(agent.save().rows!.replay!.appended / 100) - 1]!;
      return { returnMean, returnStd: 0, episodes: 1, returns: [returnMean], lengths: [1] };
    },
    storage,
    resume,
    steps,
    evaluation: { every: 100, episodes: 1 },
    signal: controller.signal,
    listeners: [(event) => void (stop?.(event) && controller.abort())],
  });
  return agent;
}

const atStep510 = (event: RunEvent) => event.type === 'checkpoint' && event.step === 510;

/** The values of the agent that the uninterrupted run of so many steps ends with. */
async function valuesAt(steps: number): Promise<Float64Array> {
  return (await trainScripted(new MemoryRunStorage(), { steps })).values;
}

async function bestOf({ actingCheckpoint }: Pick<RunStorage, 'actingCheckpoint'>) {
  const { step, snapshot } = (await actingCheckpoint('best'))!;
  const agent = new TabularAgent(1);
  loadAgent(agent, snapshot);
  return { step, values: agent.values, snapshot };
}

const config = corridorConfig({ evaluation: { every: 100, episodes: 1 } });

async function scriptedDirectory(options: Parameters<typeof trainScripted>[1] = {}): Promise<string> {
  const directory = join(await temporaryDirectory(), 'run');
  const storage = await DirectoryRunStorage.create(directory, {
    ...config,
    steps: options.steps ?? config.steps,
  });
  await trainScripted(storage, options);
  await storage.close();
  return directory;
}

async function resumeScripted(directory: string): Promise<void> {
  const storage = await DirectoryRunStorage.resume(directory, config);
  await trainScripted(storage, { resume: true });
  await storage.close();
}

const stores: [string, () => Promise<RunStorage>][] = [
  ['memory', async () => new MemoryRunStorage()],
  ['a directory', async () => DirectoryRunStorage.create(await temporaryDirectory(), config)],
];

describe.each(stores)('the best checkpoint in %s', (_, make) => {
  it('is that of the highest mean, the earlier of two, without experience', async () => {
    for (const [steps, best] of [
      [300, 200],
      [1000, 800],
    ] as const) {
      const storage = await make();
      await trainScripted(storage, { steps });
      const { step, values, snapshot } = await bestOf({
        actingCheckpoint: storage.actingCheckpoint.bind(storage),
      });
      expect([step, values]).toEqual([best, await valuesAt(best)]);
      expect(Object.keys(snapshot.metadata)).toEqual(['agent']);
      expect(snapshot.rows!['agent/replay']!.appended).toBe(0);
      await (storage as Partial<DirectoryRunStorage>).close?.();
    }
  });

  it('can be named by its step, and others are refused with those that are kept', async () => {
    const storage = await make();
    await trainScripted(storage);
    expect((await storage.actingCheckpoint(800))!.step).toBe(800);
    expect((await storage.actingCheckpoint())!.step).toBe(1000);
    await expect(storage.actingCheckpoint(500)).rejects.toThrow(
      /checkpoint: expected a checkpoint that is kept \(.*1000.*800/,
    );
    await (storage as Partial<DirectoryRunStorage>).close?.();
  });
});

describe('the best checkpoint of a run directory', () => {
  it('is nothing to go on from', async () => {
    const directory = await scriptedDirectory();
    for (const step of [850, 1000])
      await rm(join(directory, `checkpoints/step-${step}`), { recursive: true });
    expect((await (await readRun(directory)).actingCheckpoint('best'))!.step).toBe(800);
    const storage = await DirectoryRunStorage.resume(directory, config);
    expect(await storage.latestCheckpoint()).toBeUndefined();
    await storage.close();
  });

  it('has no experience, unlike those of the newest steps', async () => {
    const run = await readRun(await scriptedDirectory());
    for (const step of [850, 1000]) {
      const { snapshot, ...checkpoint } = await run.checkpointAt(step);
      expect(checkpoint).toEqual({ step, warnings: [] });
      const [replay] = Object.values(snapshot.rows!);
      expect(replay!.appended).toBe(step);
      expect(Object.values(replay!.read(step - 1, step))[0]).toHaveLength(1);
    }
    await expect(run.checkpointAt(800)).rejects.toThrow(
      'checkpoint: expected a checkpoint that is kept with its experience (1000, 850), got 800',
    );
  });

  it('is kept from before the oldest checkpoint, and others with it until that one has passed them', async () => {
    const directory = await scriptedDirectory();
    expect((await readdir(join(directory, 'checkpoints'))).sort()).toEqual([
      'best-step-800',
      'step-1000',
      'step-850',
    ]);
    // Checkpoints at 340 and 510: the run may go on from 340, where the best is that of 200.
    const earlier = await scriptedDirectory({
      stop: atStep510,
    });
    expect((await readdir(join(earlier, 'checkpoints'))).sort()).toEqual([
      'best-step-200',
      'best-step-500',
      'step-340',
      'step-510',
    ]);
  });

  it.each([
    ['the newest checkpoint is intact', []],
    ['it falls back behind the best', [510]],
    ['it falls back to the beginning', [340, 510]],
  ])('is after resuming what it would have been, where %s', async (_, damaged) => {
    const directory = await scriptedDirectory({
      stop: atStep510,
    });
    for (const step of damaged) await rm(join(directory, `checkpoints/step-${step}`), { recursive: true });
    await resumeScripted(directory);
    const { step, values } = await bestOf(await readRun(directory));
    expect([step, values]).toEqual([800, await valuesAt(800)]);
    expect((await readdir(join(directory, 'checkpoints'))).sort()).toEqual([
      'best-step-800',
      'step-1000',
      'step-850',
    ]);
  });

  it('of an evaluation that a longer run does not have is dropped', async () => {
    // The evaluation of the last step, 450, is as good as that of 500 and off the intervals.
    const directory = await scriptedDirectory({ steps: 450 });
    expect((await bestOf(await readRun(directory))).step).toBe(450);
    const storage = await DirectoryRunStorage.resume(directory, config);
    await trainScripted(storage, {
      resume: true,
      stop: ({ type }) => type === 'start',
    });
    await storage.close();
    expect((await bestOf(await readRun(directory))).step).toBe(200);
  });

  it('that is damaged is named, with the other checkpoints', async () => {
    const directory = await scriptedDirectory();
    await writeFile(join(directory, 'checkpoints/best-step-800/metadata.json'), '{}');
    await expect((await readRun(directory)).actingCheckpoint('best')).rejects.toThrow(
      /best-step-800 is damaged \(.*\); also kept: 1000, 850/,
    );
    expect((await (await readRun(directory)).actingCheckpoint())!.step).toBe(1000);
  });

  it('was not saved by a run without an evaluation', async () => {
    const directory = join(await temporaryDirectory(), 'run');
    const storage = await DirectoryRunStorage.create(directory, config);
    await storage.saveCheckpoint(10, { arrays: {}, metadata: { agent: {} } });
    await storage.close();
    await expect((await readRun(directory)).actingCheckpoint('best')).rejects.toThrow(
      /not been evaluated yet.*kept are 10/,
    );
  });
});

describe('damaged experience', () => {
  const emptyReplay = async (directory: string) => {
    for (const name of await readdir(join(directory, 'replay')))
      await writeFile(join(directory, 'replay', name), '');
  };

  it('keeps no policy from acting', async () => {
    const directory = await scriptedDirectory();
    await emptyReplay(directory);
    const { step, snapshot, warnings } = (await (await readRun(directory)).actingCheckpoint())!;
    expect([step, warnings]).toEqual([1000, []]);
    const agent = new TabularAgent(1);
    loadAgent(agent, snapshot);
    expect(agent.values).toEqual(await valuesAt(1000));
    await rm(join(directory, 'replay'), { recursive: true });
    expect((await (await readRun(directory)).actingCheckpoint(850))!.step).toBe(850);
  });

  it('of every checkpoint cannot be learned from, which is said with what is left', async () => {
    const directory = await scriptedDirectory();
    await emptyReplay(directory);
    const storage = await DirectoryRunStorage.resume(directory, config);
    const failure: unknown = await trainScripted(storage, { resume: true }).catch((error: unknown) => error);
    await storage.close();
    expect(isMaxentError(failure, 'DAMAGED_DATA')).toBe(true);
    expect((failure as Error).message).toMatch(
      /step-1000 .*step-850 .*The experience .* is lost, but the policy of step 1000 can still be evaluated/,
    );
  });
});

describe('config.json', () => {
  const alter = async (directory: string, change: (text: string) => string) => {
    const path = join(directory, 'config.json');
    await writeFile(path, change(await readFile(path, 'utf8')));
  };

  it.each([
    ['seed', '"seed": 7', '"seed": 6'],
    ['agent.config.learningRate', '0.1', '0.2'],
    ['steps', '"steps": 1000', '"steps": 900'],
    ['environment.id', '"Corridor"', '"Corridos"'],
    ['agent.config.hidden', '8,\n', '9,\n'],
    ['provenance.startedAt', '2030', '2031'],
    ['is not JSON', '{', '['],
    ['seed', '"seed": 7', '"seed": "7"'],
    ['formatVersion', '"formatVersion": 1', '"formatVersion": 3'],
  ])('%s that was altered is named with the copy to go back to', async (field, before, after) => {
    const directory = await scriptedDirectory();
    await alter(directory, (text) => text.replace(before, after));
    for (const open of [() => readRun(directory), () => DirectoryRunStorage.resume(directory, config)]) {
      const failure: unknown = await open().catch((error: unknown) => error);
      expect(isMaxentError(failure, 'DAMAGED_DATA')).toBe(true);
      expect((failure as Error).message).toContain(field);
      expect((failure as Error).message).toContain(join(directory, 'checkpoints/step-1000/config.json'));
    }
    await alter(directory, () => '');
    await writeFile(
      join(directory, 'config.json'),
      await readFile(join(directory, 'checkpoints/step-1000/config.json')),
    );
    await readRun(directory);
  });

  it('that is gone is not a lack of a run', async () => {
    const directory = await scriptedDirectory();
    await rm(join(directory, 'config.json'));
    await expect(readRun(directory)).rejects.toThrow(/config\.json" is missing.*step-1000/);
  });

  it('that asks for more steps without a word of the user is told of when the run goes on', async () => {
    const directory = await scriptedDirectory({ steps: 510 });
    const told = async (steps: number) => {
      const storage = await DirectoryRunStorage.resume(directory, {
        ...(await readRun(directory)).config,
        steps,
      });
      const { warnings } = await storage.rewind(510, 0);
      await storage.close();
      return warnings.filter((warning) => warning.startsWith('config.json asks for'));
    };
    expect(await told(510)).toEqual([]);
    expect(await told(600)).toEqual([]);
    await alter(directory, (text) => text.replace('"steps": 600', '"steps": 900'));
    expect(await told(900)).toEqual([
      expect.stringMatching(/asks for 900 steps.*for a run of 510.*step-510.config\.json"\.$/),
    ]);
  });

  it('may have more steps than at the checkpoint, and the next one knows them', async () => {
    const directory = await scriptedDirectory({ steps: 510 });
    const storage = await DirectoryRunStorage.resume(directory, config);
    await storage.close();
    expect((await readRun(directory)).config.steps).toBe(1000);
    await resumeScripted(directory);
    const copy = await readFile(join(directory, 'checkpoints/step-1000/config.json'), 'utf8');
    expect(copy).toBe(await readFile(join(directory, 'config.json'), 'utf8'));
  });

  it('of a run without copies is taken as it is', async () => {
    const directory = await scriptedDirectory();
    await rm(join(directory, 'checkpoints'), { recursive: true });
    await alter(directory, (text) => text.replace('"seed": 7', '"seed": 6'));
    expect((await readRun(directory)).config.seed).toBe(6);
  });
});

it('says when rows are fewer than the checkpoint counts, and goes on', async () => {
  const directory = await scriptedDirectory({
    stop: atStep510,
  });
  await rm(join(directory, 'metrics.jsonl'));
  const warnings: string[] = [];
  const storage = await DirectoryRunStorage.resume(directory, config);
  await trainScripted(storage, {
    resume: true,
    stop: (event) => {
      if (event.type === 'warning') warnings.push(event.message);
      return false;
    },
  });
  await storage.close();
  expect(warnings).toEqual([expect.stringMatching(/metrics\.jsonl" holds 0 of the \d+ rows .* at step 510/)]);
  await resumeScripted(directory);
});

it('a checkpoint that training removes while it is read is not damage', async () => {
  const directory = await scriptedDirectory();
  const checkpoints = join(directory, 'checkpoints');
  const store = new CheckpointStore(directory, 2, nodeFileOperations);
  const load = vi.spyOn(CheckpointStore.prototype as unknown as { load: () => Promise<Snapshot> }, 'load');
  onTestFinished(() => load.mockRestore());
  const removedMeanwhile = (name: string) =>
    load.mockImplementationOnce(async () => {
      await rm(join(checkpoints, name), { recursive: true });
      throw new DamagedDataError('arrays.safetensors is missing');
    });
  const best = (await readdir(checkpoints)).filter((name) => name.startsWith('best-step-'));
  expect(best).toContain('best-step-800');
  await cp(join(checkpoints, 'best-step-800'), join(checkpoints, 'best-step-900'), { recursive: true });
  removedMeanwhile('best-step-900');
  expect((await store.toActWith('best'))?.step).toBe(800);
  removedMeanwhile('step-1000');
  await expect(store.toActWith(1000)).rejects.toThrow(
    /expected a checkpoint that is kept \(850, best \(of step 800\)\), got 1000/,
  );
});
