import type { ControlProblem } from '../control/control-options.js';

/** What all patterns together may have, so that they stay in the cache: entries and ends of rows. */
const MOST_PATTERNS = 1024;
const MOST_NUMBERS = 10_240;
/** Places of the table in which patterns are looked up. */
const PLACES = 4 * MOST_PATTERNS;
/** A pattern that fewer states have is no pattern. */
const FEWEST_STATES = 8;

export const NO_PATTERN = 0xffff;

/**
 * Two states have the same pattern if the rows of one are the rows of the other, moved by the distance of the states:
 * the same probabilities in the same order, with columns that differ by that distance. The inside of a grid has one.
 */
export interface Patterns {
  /** The pattern of each state or NO_PATTERN, [states]. */
  readonly ofState: Uint16Array;
  /** A state of each pattern, [patterns]. */
  readonly examples: readonly number[];
}

/** Finds the patterns of a process in one pass over its transitions. */
export function findPatterns(problem: ControlProblem): Patterns {
  const { mdp, rowOffsets, columns, probs } = problem;
  const { stateCount, actionCount } = mdp;
  const ofState = new Uint16Array(stateCount);
  const examples: number[] = [];
  const counts: number[] = [];
  const places = new Uint16Array(PLACES).fill(NO_PATTERN);
  const bits = new Uint32Array(probs.buffer, probs.byteOffset, 2 * probs.length);
  let numbers = 0;

  const look = (state: number): number => {
    const end = rowOffsets[(state + 1) * actionCount]!;
    const start = rowOffsets[state * actionCount]!;
    let place = hash(columns, bits, state, start, end) % PLACES;
    for (; places[place] !== NO_PATTERN; place = (place + 1) % PLACES) {
      if (haveSameRows(problem, state, examples[places[place]!]!)) return places[place]!;
    }
    const size = end - start + actionCount;
    if (examples.length === MOST_PATTERNS || numbers + size > MOST_NUMBERS) return NO_PATTERN;
    numbers += size;
    counts.push(0);
    places[place] = examples.length;
    return examples.push(state) - 1;
  };

  for (let state = 0; state < stateCount; state++) {
    // Neighbors are compared first: that is quick, whether they have the same pattern or nothing in common.
    const same = state > 0 && haveSameRows(problem, state, state - 1);
    const pattern = same ? ofState[state - 1]! : look(state);
    ofState[state] = pattern;
    if (pattern !== NO_PATTERN) counts[pattern]!++;
  }
  return withoutRare(ofState, examples, counts);
}

function withoutRare(ofState: Uint16Array, examples: readonly number[], counts: readonly number[]): Patterns {
  const kept: number[] = [];
  const renamed = new Uint16Array(NO_PATTERN + 1).fill(NO_PATTERN);
  examples.forEach((state, pattern) => {
    if (counts[pattern]! >= FEWEST_STATES) renamed[pattern] = kept.push(state) - 1;
  });
  for (let state = 0; state < ofState.length; state++) ofState[state] = renamed[ofState[state]!]!;
  return { ofState, examples: kept };
}

function haveSameRows(
  { mdp, rowOffsets, columns, probs }: ControlProblem,
  state: number,
  other: number,
): boolean {
  const { actionCount } = mdp;
  const row = state * actionCount;
  const otherRow = other * actionCount;
  const start = rowOffsets[row]!;
  const otherStart = rowOffsets[otherRow]!;
  for (let action = 1; action <= actionCount; action++) {
    if (rowOffsets[row + action]! - start !== rowOffsets[otherRow + action]! - otherStart) return false;
  }
  const end = rowOffsets[row + actionCount]!;
  const distance = state - other;
  for (let i = start, j = otherStart; i < end; i++, j++) {
    if (columns[i]! - columns[j]! !== distance || probs[i] !== probs[j]) return false;
  }
  return true;
}

/** Mixes the relative columns and the probabilities of a state's rows. */
function hash(columns: Uint32Array, bits: Uint32Array, state: number, start: number, end: number): number {
  let mixed = 0;
  for (let i = start; i < end; i++) {
    mixed = Math.imul(mixed ^ (columns[i]! - state), 0x9e37_79b1);
    mixed = Math.imul((mixed >>> 15) ^ mixed ^ bits[2 * i]!, 0x85eb_ca77);
    mixed = Math.imul((mixed >>> 13) ^ mixed ^ bits[2 * i + 1]!, 0xc2b2_ae3d);
  }
  return (mixed >>> 16) ^ (mixed & 0xffff);
}
