import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '@maxent/training';

/** Writes a run as `maxent train` stores it, evaluated every 10 steps, with these lines of metrics. */
export async function writeStoredRun(
  directory: string,
  own: Pick<RunConfig, 'agent' | 'environment' | 'steps' | 'seed'> & Partial<RunConfig>,
  rows: readonly object[],
): Promise<void> {
  const config: RunConfig = {
    format: 'maxent-run',
    formatVersion: 1,
    evaluation: { every: 10, episodes: 2 },
    logEvery: 10,
    checkpointEvery: 10,
    backend: 'wasm',
    plugins: [],
    provenance: { startedAt: '2030-01-01T00:00:00Z', versions: {}, machine: {} },
    ...own,
  };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  await writeFile(join(directory, 'metrics.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
