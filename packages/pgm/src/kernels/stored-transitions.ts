import type { ControlProblem } from '../control/control-options.js';
import type { KernelInstance, Layout, Place } from './instance.js';
import { findPatterns, NO_PATTERN } from './patterns.js';

/** The kind of a block that is stored as runs, as in assembly/sweep.ts. */
const RUNS = 255;
/** Rows of up to this many entries have a loop of their own there if all rows of a block have as many. */
const MOST_UNROLLED = 4;

/** Where the transitions of a process lie for `sweep` of assembly/sweep.ts, which says what each array is. */
export interface TransitionPlaces {
  readonly kinds: Place;
  readonly offsets: Place;
  readonly runs: Place;
  readonly patterns: Place;
  readonly columns: Place;
  readonly probs: Place;
}

export interface StoredTransitions {
  readonly places: TransitionPlaces;
  /** Writes the arrays, for a vector whose first number is at `vector`. */
  write(kernel: KernelInstance, vector: Place): void;
}

/**
 * Finds out how to store the transitions of a process, and makes room for them: a block of states that all have a pattern
 * becomes runs of states with the same one, and any other block keeps its rows.
 */
export function storeTransitions(problem: ControlProblem, block: number, layout: Layout): StoredTransitions {
  const { mdp, rowOffsets, columns, probs } = problem;
  const { stateCount, actionCount } = mdp;
  const { ofState, examples } = findPatterns(problem);
  const kinds = new Uint8Array(Math.ceil(stateCount / block));
  const runs = new Uint32Array(stateCount);
  let runCount = 0;
  let entryCount = 0;
  let rowCount = 0;

  const count = (from: number, to: number): void => {
    rowCount += (to - from) * actionCount;
    entryCount += rowOffsets[to * actionCount]! - rowOffsets[from * actionCount]!;
  };
  for (const state of examples) count(state, state + 1);
  const patternRows = rowCount;
  kinds.forEach((_, i) => {
    const from = i * block;
    const to = Math.min(from + block, stateCount);
    if (ofState.subarray(from, to).includes(NO_PATTERN)) {
      kinds[i] = commonLength(rowOffsets, from * actionCount, to * actionCount);
      count(from, to);
      return;
    }
    kinds[i] = RUNS;
    for (let state = from; state < to; ) {
      const pattern = ofState[state]!;
      const first = state++;
      while (state < to && ofState[state] === pattern) state++;
      runs[runCount++] = 256 * pattern * actionCount + state - first;
    }
  });

  const places: TransitionPlaces = {
    kinds: layout.integers(Math.ceil(kinds.length / 4)),
    offsets: layout.integers(rowCount - patternRows + 1),
    runs: layout.integers(runCount),
    patterns: layout.integers(patternRows + 1),
    columns: layout.integers(entryCount),
    probs: layout.floats(entryCount),
  };

  const write = (kernel: KernelInstance, vector: Place): void => {
    kernel.bytes(places.kinds, kinds.length).set(kinds);
    kernel.integers(places.runs, runCount).set(runs.subarray(0, runCount));
    const storedColumns = kernel.integers(places.columns, entryCount);
    const storedProbs = kernel.floats(places.probs, entryCount);
    let entry = 0;
    /** Stores the rows of some states, with columns relative to the state `origin`. */
    const add = (offsets: Uint32Array, from: number, to: number, origin: number): void => {
      const start = rowOffsets[from]!;
      const end = rowOffsets[to]!;
      for (let row = from; row < to; row++) offsets[row - from] = entry + rowOffsets[row]! - start;
      offsets[to - from] = entry + end - start;
      storedProbs.set(probs.subarray(start, end), entry);
      // Addresses wrap around, as those of the kernel do.
      for (let i = start; i < end; i++) storedColumns[entry++] = vector.address + 8 * (columns[i]! - origin);
    };
    const patterns = kernel.integers(places.patterns, patternRows + 1);
    examples.forEach((state, i) => {
      add(patterns.subarray(i * actionCount), state * actionCount, (state + 1) * actionCount, state);
    });
    const offsets = kernel.integers(places.offsets, rowCount - patternRows + 1);
    let row = 0;
    kinds.forEach((kind, i) => {
      if (kind === RUNS) return;
      const from = i * block * actionCount;
      const to = Math.min(i * block + block, stateCount) * actionCount;
      add(offsets.subarray(row), from, to, 0);
      row += to - from;
    });
  };
  return { places, write };
}

/** The length of all of these rows; 0 if they differ, or if it is not unrolled. */
function commonLength(rowOffsets: Uint32Array, from: number, to: number): number {
  const length = rowOffsets[from + 1]! - rowOffsets[from]!;
  if (length > MOST_UNROLLED) return 0;
  for (let row = from; row < to; row++) if (rowOffsets[row + 1]! - rowOffsets[row]! !== length) return 0;
  return length;
}
