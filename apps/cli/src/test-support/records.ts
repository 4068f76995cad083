import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every row of a run's record, without the fields that depend on the machine. */
export async function recordOf(runDirectory: string): Promise<unknown[]> {
  const text = await readFile(join(runDirectory, 'metrics.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((row) => {
      const { wallSeconds, stepsPerSecond, ...rest } = JSON.parse(row);
      return rest;
    });
}

/** The bytes of a checkpoint's arrays. Throws when there are none. */
export async function weightsOf(runDirectory: string, step: number): Promise<Buffer[]> {
  const checkpoint = join(runDirectory, 'checkpoints', `step-${step}`);
  const names = (await readdir(checkpoint)).filter((name) => name.endsWith('.safetensors')).sort();
  if (names.length === 0) throw new Error(`no arrays in ${checkpoint}`);
  return Promise.all(names.map((name) => readFile(join(checkpoint, name))));
}
