import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KernelChoice, selectBackend } from '@maxent/backend';
import { readRun, writeReport } from '@maxent/training/node';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { train } from './index.js';

const simd128 = new URL('../../backend/src/kernels/generated/kernels-simd128.wasm', import.meta.url);

let fused: { readonly kernels: KernelChoice; readonly simd: string } | undefined;

beforeAll(async () => {
  // With this build alone, `wasm` rounds twice on every engine.
  await selectBackend({
    prefer: 'wasm',
    kernels: 'wasm',
    wasm: { simd128: await readFile(fileURLToPath(simd128)) },
  });
  const best = await selectBackend({ prefer: 'wasm' });
  if (best.rounding === 'fused') fused = { kernels: best.kernels as KernelChoice, simd: best.simd };
});

async function temporaryRun(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-rounding-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'run');
}

async function session(out: string, steps: number, kernels: KernelChoice, resume = true) {
  const said: string[] = [];
  const run = await train('sac', 'Pendulum-v1', {
    ...{ steps, config: { hiddenSizes: [16, 16], learningStarts: 50, batchSize: 32 } },
    ...{ evalEvery: 60, evalEpisodes: 1, logEvery: 20, checkpointEvery: 60, out, resume, kernels },
    onWarning: (message) => said.push(message),
    onMetrics: () => said.push('metrics'),
  });
  run.close();
  return { config: run.config, warnings: said.slice(0, said.indexOf('metrics')) };
}

const storedWarnings = async (out: string) =>
  (await (await readRun(out)).readRows()).rows.filter((row) => row.type === 'warning');

describe('a run that goes on with kernels of the other rounding', () => {
  it('says so before the first step and keeps it', async (context) => {
    if (fused === undefined) return context.skip('no kernels here round once');
    const out = await temporaryRun();
    const { config } = await session(out, 60, 'wasm', false);
    expect(config.provenance.versions.simd).toBe('simd128');
    expect(config.provenance.backend).toMatchObject({ kernels: 'wasm', rounding: 'unfused' });
    const { warnings } = await session(out, 120, fused.kernels);
    expect(warnings).toEqual([
      expect.stringContaining(`up to step 60 the run was computed by simd128 kernels`),
    ]);
    expect(warnings[0]).toContain(`from there on by ${fused.simd} kernels`);
    expect(warnings[0]).toContain('--kernels wasm');
    // The checkpoint of step 120 knows that it was computed by others than those that started the run.
    expect((await session(out, 180, fused.kernels)).warnings).toEqual([]);
    const back = await session(out, 240, 'wasm');
    expect(back.warnings).toEqual([expect.stringContaining('up to step 180')]);
    expect(await storedWarnings(out)).toMatchObject([
      { step: 60, message: warnings[0] },
      { step: 180, message: back.warnings[0] },
    ]);
    expect(await readFile(await writeReport(out), 'utf8')).toContain('up to step 180');
  });

  it('knows how a run of an earlier version was rounded', async (context) => {
    if (fused === undefined) return context.skip('no kernels here round once');
    const earlier = fileURLToPath(new URL('fixtures/0.1.0/sac', import.meta.url));
    const stored = JSON.parse(await readFile(join(earlier, 'run/config.json'), 'utf8'));
    expect(stored.provenance.versions.simd).toBe('simd128');
    for (const [kernels, expected] of [
      ['wasm', []],
      [
        fused.kernels,
        [expect.stringContaining('up to step 80 the run was computed by simd128 kernels (wasm)')],
      ],
    ] as const) {
      const out = await temporaryRun();
      await cp(join(earlier, 'run'), out, { recursive: true });
      const run = await train('sac', stored.environment.id, {
        ...{ steps: 100, seed: stored.seed, config: stored.agent.config, evalMaxSteps: 50, kernels },
        ...{ evalEvery: 80, evalEpisodes: 2, checkpointEvery: 80, logEvery: 40, out, resume: true },
        onWarning: () => undefined,
      });
      run.close();
      expect((await storedWarnings(out)).map(({ message }) => message)).toEqual(expected);
    }
  });
});
