import { Rng, type SparseRows } from '@maxent/core';
import { bytesOfHexadecimal } from '@maxent/core/wasm';
import { expect, it } from 'vitest';
import { prepareControl } from '../control/control-options.js';
import { KernelInstance, Layout } from './instance.js';
import { KERNEL_BYTES } from './kernel-bytes.js';
import { storeTransitions } from './stored-transitions.js';
import { patternedMdp } from './test-support/patterned-mdp.js';

const BLOCK = 16;
const RUNS = 255;
const module = new WebAssembly.Module(bytesOfHexadecimal(KERNEL_BYTES));

it.each([
  ['all regular', 1000, 3, 2, 3, 200, 0],
  ['short runs', 1003, 2, 20, 5, 3, 0],
  ['some irregular', 999, 4, 3, 3, 100, 0.02],
  ['all irregular', 300, 3, 1, 4, 1, 1],
  ['rows of one successor', 500, 2, 3, 1, 40, 0.01],
  ['long rows', 400, 1, 2, 20, 100, 0.01],
] as const)(
  'reads back as what was stored: %s',
  (_, stateCount, actionCount, kinds, mostSuccessors, longestRun, irregular) => {
    const options = { stateCount, actionCount, kinds, mostSuccessors, longestRun, irregular };
    const { transition, ...rest } = patternedMdp(Rng.fromSeed(stateCount), options);
    const layout = new Layout();
    const problem = prepareControl({ transition, ...rest }, { inference: 'variational' });
    const stored = storeTransitions(problem, BLOCK, layout);
    const vector = layout.floats(stateCount + 1);
    const kernel = KernelInstance.make({ module }, layout)!;
    stored.write(kernel, vector);

    // Entry by entry what assembly/sweep.ts reads; arrays end where the memory does, so that all of them can be long.
    const { places } = stored;
    const all = 4 * transition.columns.length + transition.rowCount + 1;
    const integersOf = (place: { address: number }) => {
      return kernel.integers(place, Math.min(all, (kernel.room - place.address) / 4));
    };
    const columnsOf = integersOf(places.columns);
    const probs = kernel.floats(places.probs, transition.columns.length);
    const offsetsOf = integersOf(places.offsets);
    const patternsOf = integersOf(places.patterns);
    const runsOf = integersOf(places.runs);
    const blockKinds = kernel.bytes(places.kinds, Math.ceil(stateCount / BLOCK));
    const read = { rowOffsets: [0], columns: [] as number[], values: [] as number[] };
    const readRow = (offsets: Uint32Array, row: number, origin: number): number => {
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
        // Addresses wrap around at 2^32.
        read.columns.push(((columnsOf[i]! + 8 * origin - vector.address) >>> 0) / 8);
        read.values.push(probs[i]!);
      }
      read.rowOffsets.push(read.columns.length);
      return offsets[row + 1]! - offsets[row]!;
    };
    let row = 0;
    let run = 0;
    blockKinds.forEach((kind, block) => {
      const end = Math.min((block + 1) * BLOCK, stateCount);
      for (let state = block * BLOCK; state < end; ) {
        const left = kind === RUNS ? runsOf[run]! & 255 : 1;
        expect(left).toBeGreaterThan(0);
        for (let i = 0; i < left; i++, state++) {
          for (let action = 0; action < actionCount; action++) {
            if (kind === RUNS) {
              readRow(patternsOf, (runsOf[run]! >>> 8) + action, state);
            } else {
              const length = readRow(offsetsOf, row++, 0);
              if (kind !== 0) expect(length).toBe(kind);
            }
          }
        }
        if (kind === RUNS) run++;
        expect(state).toBeLessThanOrEqual(end);
      }
    });
    const expected: Partial<SparseRows> = {
      rowOffsets: Uint32Array.from(read.rowOffsets),
      columns: Uint32Array.from(read.columns),
      values: Float64Array.from(read.values),
    };
    expect(transition).toMatchObject(expected);

    const share = blockKinds.filter((kind) => kind === RUNS).length / blockKinds.length;
    if (irregular === 0) expect(share).toBeGreaterThan(0.9);
    else if (irregular === 1) expect(share).toBe(0);
    else expect(share).toBeGreaterThan(0.3);
    if (irregular > 0) expect(share).toBeLessThan(1);
    if (mostSuccessors === 1) expect(blockKinds.filter((kind) => kind !== RUNS)).toContain(1);
  },
);
