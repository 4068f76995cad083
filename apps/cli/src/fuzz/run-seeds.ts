import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rng } from '@maxent/core';
import { type FuzzDocument, PIPE } from './document.js';
import { jsonText } from './json-text.js';
import { mutate } from './mutate.js';
import type { FuzzWorker } from './worker.js';

/** Command lines that create the runs to alter: a table, and a network with replay. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  table: ['q-learning', '--env', 'FrozenLake-v1', '--steps', '60', '--checkpoint-every', '30'],
  network: [
    ...['dqn', '--env', 'CartPole-v1', '--steps', '60', '--checkpoint-every', '30'],
    ...['--set', 'hiddenSizes=[4]', '--set', 'batchSize=4', '--set', 'learningStarts=20'],
  ],
};

const COMMANDS = [
  ['eval', 'run', '--episodes', '1'],
  ['eval', 'run', '--episodes', '1', '--checkpoint', 'best'],
  ['train', '--resume', '--out', 'run', '--steps', '65'],
  ['report', 'run'],
];

/** A run with the content of its files, read once. */
export interface SeedRun {
  readonly name: string;
  readonly directory: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Trains the runs to alter, below the worker's directory. */
export async function makeSeedRuns(worker: FuzzWorker, directory: string): Promise<SeedRun[]> {
  const runs: SeedRun[] = [];
  for (const [name, args] of Object.entries(RUNS)) {
    const out = join(directory, name);
    const outcome = await worker.run({
      name,
      args: ['train', ...args, '--eval-every', '30', '--eval-episodes', '1', '--out', out, '--json'],
    });
    if ('lost' in outcome || outcome.exitCode !== 0)
      throw new Error(`no seed run: ${JSON.stringify(outcome)}`);
    const files = new Map<string, Buffer>();
    const names = (await readdir(out, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && !/report\.html|tfevents/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .sort();
    for (const file of names) files.set(file, await readFile(join(out, file)));
    runs.push({ name, directory: out, files });
  }
  return runs;
}

/** One of the runs with a file altered, and a command that reads it. */
export function alteredRun(runs: readonly SeedRun[], rng: Rng): FuzzDocument {
  const run = runs[rng.integer(runs.length)]!;
  const names = [...run.files.keys()];
  const command = COMMANDS[rng.integer(COMMANDS.length)]!;
  const files: Record<string, string | null> = {};
  const changes: string[] = [];
  for (let i = rng.integer(3) === 0 ? 2 : 1; i > 0; i--) {
    const name = names[rng.integer(names.length)]!;
    const [content, change] = altered(name, run.files.get(name)!, rng);
    files[name] = content;
    changes.push(`${change} of ${name}`);
  }
  // Half of the forgeries have correct checksums: the checks behind them must hold on their own.
  if (rng.integer(2) === 0) seal(run, files);
  return {
    name: `${command[0]} ${run.name}: ${changes.join(', ')}`,
    args: [...command, '--json'],
    run: { source: run.directory, files },
  };
}

function altered(name: string, content: Buffer, rng: Rng): [string | null, string] {
  const text = content.toString('utf8');
  const kind = rng.integer(10);
  if (kind === 0) return [null, 'absence'];
  if (kind === 1) return [PIPE, 'pipe'];
  if (kind === 2) return [encoded(content.subarray(0, rng.integer(content.length + 1))), 'truncation'];
  if (kind === 3) {
    const flipped = Buffer.from(content);
    for (let i = 0; i <= rng.integer(4); i++) flipped[rng.integer(flipped.length)]! ^= 1 << rng.integer(8);
    return [encoded(flipped), 'bits'];
  }
  if (name.endsWith('.json')) return fromJson(JSON.parse(text), rng);
  if (name.endsWith('.jsonl')) {
    const lines = text.trimEnd().split('\n');
    const at = rng.integer(lines.length);
    const { document, changes } = mutate(JSON.parse(lines[at]!), rng);
    lines[at] = jsonText(document);
    return [encoded(`${lines.join('\n')}\n`), changes.join(' and ')];
  }
  return fromSafetensors(content, rng);
}

function fromJson(value: unknown, rng: Rng): [string, string] {
  const { document, changes } = mutate(trapped(value, rng), rng);
  return [encoded(jsonText(document)), changes.join(' and ')];
}

/** Paths and code that must have no effect, in place of a text. */
const TRAPS = [
  '../canary.safetensors',
  '../../canary.json',
  '/dev/zero',
  '/etc/passwd',
  './evil/index.mjs',
  '../evil/index.mjs',
  'data:text/javascript,process.exit(7)',
  'file:///etc/passwd',
  'x'.repeat(5000),
];

/** Now and then one text of the document becomes a trap; `plugins` of a configuration gets one just as often. */
function trapped(value: unknown, rng: Rng): unknown {
  if (rng.integer(3) !== 0) return value;
  const trap = TRAPS[rng.integer(TRAPS.length)]!;
  const text = JSON.stringify(value);
  if (rng.integer(2) === 0 && text.includes('"plugins":[]')) {
    return JSON.parse(text.replace('"plugins":[]', `"plugins":[${JSON.stringify(trap)}]`));
  }
  const texts = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
  const chosen = texts[rng.integer(Math.max(texts.length, 1))];
  if (chosen === undefined) return value;
  const replaced = `${text.slice(0, chosen.index)}${JSON.stringify(trap)}${text.slice(chosen.index + chosen[0].length)}`;
  return JSON.parse(replaced);
}

/** A safetensors file consists of 8 bytes with the header's length, the header in JSON, and the arrays. */
function fromSafetensors(content: Buffer, rng: Rng): [string, string] {
  const length = Number(content.readBigUInt64LE(0));
  const header = JSON.parse(content.toString('utf8', 8, 8 + length));
  const arrays = Buffer.from(content.subarray(8 + length));
  if (rng.integer(3) === 0 && arrays.length > 8) {
    const value = [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1][rng.integer(4)]!;
    arrays.writeFloatLE(Math.fround(value), 4 * rng.integer(Math.floor(arrays.length / 4)));
    return [encoded(Buffer.concat([content.subarray(0, 8 + length), arrays])), `a value ${value}`];
  }
  const { document, changes } = mutate(header, rng);
  const bytes = Buffer.from(jsonText(document));
  const size = Buffer.alloc(8);
  const lie = rng.integer(8) === 0;
  size.writeBigUInt64LE(lie ? 2n ** BigInt(rng.integer(64)) : BigInt(bytes.length));
  return [encoded(Buffer.concat([size, bytes, arrays])), `header ${changes.join(' and ')}`];
}

/** Updates the manifests' checksums for the altered files, as a forger would. */
function seal(run: SeedRun, files: Record<string, string | null>): void {
  const folders = [...run.files.keys()].filter((name) => name.endsWith('/manifest.json'));
  const contentOf = (name: string): Buffer | undefined => {
    const content = Object.hasOwn(files, name) ? files[name] : undefined;
    if (typeof content === 'string' && content !== PIPE) return Buffer.from(content, 'base64');
    return content === undefined ? run.files.get(name) : undefined;
  };
  for (const path of folders) {
    let manifest: Record<string, unknown>;
    try {
      manifest = JSON.parse(contentOf(path)!.toString('utf8'));
    } catch {
      continue;
    }
    if (typeof manifest !== 'object' || manifest === null) continue;
    const listed = (manifest.files ?? {}) as Record<string, { bytes: number; sha256: string }>;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    for (const [name, record] of Object.entries(listed)) {
      const content = contentOf(`${folder}${name}`);
      if (content !== undefined && record !== null && typeof record === 'object') {
        Object.assign(record, { bytes: content.length, sha256: sha256(content) });
      }
    }
    const rows = Object.values((manifest.rows ?? {}) as Record<string, { segments?: unknown }>);
    for (const segment of rows.flatMap((row) => (Array.isArray(row?.segments) ? row.segments : []))) {
      const content = contentOf(`replay/${segment?.file}`);
      if (content !== undefined) Object.assign(segment, { bytes: content.length, sha256: sha256(content) });
    }
    const { checksum: _, ...rest } = manifest;
    try {
      files[path] = encoded(
        JSON.stringify({ ...rest, checksum: sha256(Buffer.from(JSON.stringify(rest))) }, null, 1),
      );
    } catch {
      // Nested too deeply to be written: it stays as it was altered.
    }
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function encoded(content: string | Buffer): string {
  return Buffer.from(content).toString('base64');
}
