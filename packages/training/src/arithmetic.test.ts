import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@maxent/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Arithmetic, otherRounding } from './arithmetic.js';
import { MemoryRunStorage } from './memory-run-storage.js';
import { DirectoryRunStorage, readRun } from './node/index.js';
import { reportPage } from './report/report-page.js';
import type { RunRow } from './run-storage.js';
import { corridorConfig } from './test-support/run-config.js';
import { corridorRun, reproducible } from './test-support/runs.js';
import { train } from './train.js';

const avx2: Arithmetic = { rounding: 'fused', kernels: 'addon', simd: 'avx2', threads: 2 };
const relaxed: Arithmetic = { rounding: 'fused', kernels: 'wasm', simd: 'relaxed-simd' };
const simd128: Arithmetic = { rounding: 'unfused', kernels: 'wasm', simd: 'simd128' };

const warningsIn = (rows: readonly RunRow[]) => rows.filter((row) => row.type === 'warning');

/** Trains to a step, and tells what was said before the first of the steps, and after. */
async function session(storage: MemoryRunStorage, steps: number, options: object) {
  const events: RunEvent[] = [];
  await train(corridorRun({ storage, steps, resume: true, listeners: [(e) => events.push(e)], ...options }));
  const firstStep = events.findIndex(({ type }) => !['start', 'warning'].includes(type));
  const said = (part: readonly RunEvent[]) =>
    part.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { before: said(events.slice(0, firstStep)), after: said(events.slice(firstStep)) };
}

describe('otherRounding', () => {
  it.each([
    [simd128, avx2, /simd128 .*twice.*avx2 .*once.*--kernels wasm/],
    [avx2, simd128, /avx2 .*once.*simd128 .*twice.*--kernels addon.*Node 22/],
  ])('is one sentence that says how to avoid it: %o, %o', (before, now, expected) => {
    const sentence = otherRounding(170, before, now)!;
    expect(sentence).toMatch(expected);
    expect(sentence).toMatch(/^[^.]*step 170[^.]*\.$/);
  });

  it.each([
    [relaxed, avx2],
    [undefined, avx2],
    [simd128, undefined],
  ])('is nothing where digits stay, or nothing is known: %o, %o', (before, now) => {
    expect(otherRounding(170, before, now)).toBeUndefined();
  });
});

describe('a run that goes on with other kernels', () => {
  it('says nothing where they round alike, and has the rows of a run that never stopped', async () => {
    const [whole, storage] = [new MemoryRunStorage(), new MemoryRunStorage()];
    await train(corridorRun({ storage: whole, steps: 510, arithmetic: avx2 }));
    await session(storage, 170, { arithmetic: avx2 });
    expect(await session(storage, 340, { arithmetic: relaxed })).toEqual({ before: [], after: [] });
    expect(await session(storage, 510, { arithmetic: avx2 })).toEqual({ before: [], after: [] });
    expect(reproducible(storage.rows)).toEqual(reproducible(whole.rows));
  });

  it('compares with the checkpoint, not with the start of the run', async () => {
    const storage = new MemoryRunStorage();
    await session(storage, 170, { arithmetic: relaxed });
    const toSimd128 = otherRounding(170, relaxed, simd128);
    expect(await session(storage, 340, { arithmetic: simd128 })).toEqual({ before: [toSimd128], after: [] });
    expect((await session(storage, 510, { arithmetic: simd128, earlierArithmetic: avx2 })).before).toEqual(
      [],
    );
    const toAvx2 = otherRounding(510, simd128, avx2);
    expect((await session(storage, 680, { arithmetic: avx2 })).before).toEqual([toAvx2]);
    expect(warningsIn(storage.rows)).toMatchObject([
      { step: 170, message: toSimd128 },
      { step: 510, message: toAvx2 },
    ]);
  });

  it('compares a checkpoint that does not say with what the run was started with', async () => {
    const storage = new MemoryRunStorage();
    await session(storage, 170, {});
    const { before } = await session(storage, 340, { arithmetic: avx2, earlierArithmetic: simd128 });
    expect(before).toEqual([otherRounding(170, simd128, avx2)]);
    // Without knowing what computed the steps in between, nothing can be said.
    await session(storage, 510, {});
    expect((await session(storage, 680, { arithmetic: simd128 })).before).toEqual([]);
  });

  it('keeps one row of it when it is ended before its next checkpoint and resumed again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'maxent-arithmetic-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const run = async (steps: number, arithmetic: Arithmetic) => {
      const config = { ...corridorConfig(), steps };
      const storage = await (steps === 170
        ? DirectoryRunStorage.create(directory, config)
        : DirectoryRunStorage.resume(directory, config));
      const copy = Object.create(storage, { saveCheckpoint: { value: async () => undefined } });
      await train(corridorRun({ storage: steps === 300 ? copy : storage, steps, resume: true, arithmetic }));
      await storage.close();
    };
    await run(170, simd128);
    await run(300, avx2);
    await run(340, relaxed);
    await run(510, avx2);
    const { config, readRows } = await readRun(directory);
    const stored = await readRows();
    expect(stored.warnings).toEqual([]);
    const message = otherRounding(170, simd128, relaxed)!;
    expect(warningsIn(stored.rows)).toMatchObject([{ step: 170, message }]);
    expect(reportPage({ config, ...stored }).body).toContain(
      'up to step 170 the run was computed by simd128',
    );
  });
});
