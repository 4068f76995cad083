import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type KernelBuild, type KernelChoice, selectBackend } from '@maxent/backend';
import { MemoryRunStorage } from '@maxent/training';
import { describe, expect, it, onTestFinished } from 'vitest';
import { train } from './index.js';

interface Addon {
  kernels(): KernelBuild[];
}

/** Node loads an addon once, so this is the one that `selectBackend` asks. */
function loadAddon(): Addon | undefined {
  const file = `../../backend/prebuilds/backend-${process.platform}-${process.arch}.node`;
  try {
    return createRequire(import.meta.url)(fileURLToPath(new URL(file, import.meta.url))) as Addon;
  } catch {
    return undefined;
  }
}

const addon = loadAddon();
const builds = addon?.kernels() ?? [];
// Every test file has a process of its own, so nobody else misses the addon's better kernels.
const onlyBuild = (build: KernelBuild): void => {
  addon!.kernels = () => [build];
};

interface Kernels {
  readonly kernels: KernelChoice;
  readonly build?: KernelBuild;
  readonly threads?: number;
}

async function stepsOf(steps: number, { build, ...kernels }: Kernels, out: MemoryRunStorage) {
  if (build !== undefined) onlyBuild(build);
  const warnings: string[] = [];
  const run = await train('sac', 'Pendulum-v1', {
    ...{ steps, config: { hiddenSizes: [33, 17], learningStarts: 50, batchSize: 37 } },
    ...{ evalEvery: 60, evalEpisodes: 1, logEvery: 20, checkpointEvery: 60, out, resume: true, ...kernels },
    onWarning: (message) => warnings.push(message),
  });
  onTestFinished(() => run.close());
  return { run, warnings };
}

function weightsOf({ run }: Awaited<ReturnType<typeof stepsOf>>): unknown {
  return run.agent.save().arrays;
}

function rowsOf({ rows }: MemoryRunStorage): unknown[] {
  return rows.map((row) => ({ ...row, wallSeconds: 0, stepsPerSecond: 0 }));
}

describe.skipIf(builds.length === 0)('a run that goes on with kernels of the same rounding', () => {
  it('says nothing and has the numbers of a run that never stopped, on any number of threads', async () => {
    const wasm = await selectBackend({ prefer: 'wasm', kernels: 'wasm' });
    const sessions: Kernels[] = builds.flatMap((build, i) => [
      { kernels: 'addon', build, threads: 1 + (i % 2) },
      { kernels: 'addon', build, threads: 2 - (i % 2) },
    ]);
    if (wasm.rounding === 'fused') sessions.splice(1, 0, { kernels: 'wasm' });
    const [storage, whole] = [new MemoryRunStorage(), new MemoryRunStorage()];
    let last: Awaited<ReturnType<typeof stepsOf>> | undefined;
    const used: unknown[] = [];
    for (const [i, kernels] of sessions.entries()) {
      last = await stepsOf(60 * (i + 1), kernels, storage);
      const { versions, backend } = last.run.config.provenance;
      used.push({ simd: versions.simd, ...backend, reason: '' });
      expect(last.warnings).toEqual([]);
    }
    expect(used).toEqual(
      sessions.map(({ build = 'relaxed-simd', ...asked }) => ({
        ...{ simd: build, rounding: 'fused', reason: '', ...asked },
        ...(asked.threads !== undefined && { threads: Math.min(asked.threads, availableParallelism()) }),
      })),
    );
    const uninterrupted = await stepsOf(60 * sessions.length, sessions.at(-1)!, whole);
    expect(weightsOf(last!)).toEqual(weightsOf(uninterrupted));
    expect(rowsOf(storage)).toEqual(rowsOf(whole));
  });
});
