import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Rng } from '@maxent/core';
import { SyncVectorEnvironment } from '@maxent/envs';
import { expect, it } from 'vitest';
import { MemoryRunStorage } from '../memory-run-storage.js';
import { StatefulCorridor } from '../test-support/corridor.js';
import { killableProgram } from '../test-support/killable-program.js';
import { corridorRun, reproducible } from '../test-support/runs.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { readRun } from './read-run.js';

/** Runs the script, killing it without warning once it has printed so many lines; gives its last line or null. */
async function runUntil(program: string, args: readonly string[], lines: number): Promise<string | null> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return child.signalCode === 'SIGKILL' ? null : output.trimEnd().split('\n').at(-1)!;
}

it.each([
  ['a single environment', []],
  ['three environments', ['', '3']],
])(
  'continues to identical numbers after kill -9 at many moments in %s',
  async (_, more) => {
    const whole = new MemoryRunStorage();
    const uninterrupted = corridorRun({
      ...{ storage: whole, steps: 6000, checkpointEvery: 20 },
      ...(more.length > 0 && {
        environment: await SyncVectorEnvironment.create(() => new StatefulCorridor(), 3),
      }),
    });
    const expected = await train(uninterrupted);

    const directory = await temporaryDirectory();
    const program = await killableProgram(directory);
    const runDirectory = join(directory, 'run');
    const rng = Rng.fromSeed(1);
    let values: string | null = null;
    let kills = 0;
    for (; values === null && kills < 100; kills++) {
      const mode = kills === 0 ? 'create' : 'resume';
      // The first kills come early, later ones leave time to get on.
      values = await runUntil(program, [runDirectory, mode, ...more], rng.integer(100 * (kills + 1)));
    }
    expect(kills).toBeGreaterThan(3);

    expect(JSON.parse(values!)).toEqual([...uninterrupted.agent.values]);
    const { rows } = await (await readRun(runDirectory)).readRows();
    expect(reproducible(rows)).toEqual(reproducible(whole.rows));
    const evaluations = rows.filter(({ type }) => type === 'evaluation');
    expect(evaluations).toHaveLength(expected.evaluations.length);
  },
  120_000,
);
