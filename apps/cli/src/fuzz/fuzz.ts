import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Rng } from '@maxent/core';
import type { FuzzDocument } from './document.js';
import { fault } from './judge.js';
import { mutate } from './mutate.js';
import { alteredRun, makeSeedRuns, type SeedRun } from './run-seeds.js';
import { Sandbox } from './sandbox.js';
import { seeds } from './seeds.js';
import { FuzzWorker } from './worker.js';

export interface FuzzOptions {
  readonly seed: number;
  /** Number of documents; document i of a seed is always the same one. */
  readonly documents: number;
  /** The first document, to run one again. */
  readonly from?: number;
  /** Only altered runs, or only everything else; both by default. */
  readonly only?: 'runs' | 'inputs' | undefined;
  /** Path of the built `child.ts`. */
  readonly program: string;
  /** Where the command line runs. */
  readonly directory: string;
  /** Number of command lines at a time. */
  readonly workers?: number;
  readonly onFailure?: (failure: FuzzFailure) => void;
}

export interface FuzzFailure {
  readonly index: number;
  readonly document: FuzzDocument;
  readonly fault: string;
}

/** Milliseconds after which a document counts as one that never ends. */
const PATIENCE = 20_000;

/** One in this many documents is an altered run, which takes fifty times as long as a model. */
const RUN_EVERY = 12;

/** Document `index` of a seed. */
export function documentAt(
  seed: number,
  index: number,
  runs: readonly SeedRun[],
  only?: FuzzOptions['only'],
): FuzzDocument {
  const rng = Rng.fromSeed(seed).split(`document ${index}`);
  if (only === 'runs' || (only === undefined && index % RUN_EVERY === 0)) return alteredRun(runs, rng);
  const origin = seeds[rng.integer(seeds.length)]!;
  const { document, changes } = mutate(origin.value, rng);
  return { name: `${origin.name}: ${changes.join(', ')}`, ...origin.command(document) };
}

/** Runs `documents` mutated documents through the command line and returns the ones that it failed on. */
export async function fuzz({
  seed,
  documents,
  from = 0,
  only,
  ...options
}: FuzzOptions): Promise<FuzzFailure[]> {
  const maker = new FuzzWorker(options.program, options.directory, PATIENCE);
  const runs = await makeSeedRuns(maker, join(options.directory, 'seeds')).finally(() => maker.stop());
  return runAll(
    Array.from({ length: documents }, (_, i) => () => documentAt(seed, from + i, runs, only)),
    { from, ...options },
  );
}

/** Runs documents in order, several at a time. */
export async function runAll(
  documents: readonly (() => FuzzDocument)[],
  {
    from = 0,
    program,
    directory,
    workers = 2,
    onFailure = () => {},
  }: Omit<FuzzOptions, 'seed' | 'documents'>,
): Promise<FuzzFailure[]> {
  const failures: FuzzFailure[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const sandbox = await Sandbox.create(await mkdtemp(join(directory, 'sandbox-')));
    const worker = new FuzzWorker(program, sandbox.directory, PATIENCE);
    try {
      while (next < documents.length) {
        const index = next++;
        const document = documents[index]!();
        if (document.run !== undefined) await sandbox.prepare(document.run);
        const outcome = await worker.run(document);
        const found =
          'lost' in outcome
            ? outcome.lost
            : (fault(outcome) ?? (await sandbox.trespass(`${outcome.out}${outcome.err}`)));
        if (found === undefined) continue;
        // A process that once used much memory would be reported again and again.
        await worker.stop();
        const failure = { index: from + index, document, fault: found };
        failures.push(failure);
        onFailure(failure);
      }
    } finally {
      await worker.stop();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return failures.sort((a, b) => a.index - b.index);
}
