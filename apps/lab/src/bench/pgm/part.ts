import type { Check } from '../../checks.js';
import type { BenchOptions, BenchRow } from '../benchmark.js';

export interface Setting {
  /** The core that all processes are limited to. */
  readonly core: string;
  /** Python. */
  readonly interpreter: string;
  readonly progress: BenchOptions['progress'];
}

export interface MissingPeer {
  readonly peer: string;
  /** Python's message. */
  readonly reason: string;
}

/** What one part of the benchmark contributes to the answer. */
export interface Part {
  readonly rows: BenchRow[];
  readonly ratios: Record<string, number>;
  readonly checks: Check[];
  readonly versions: Record<string, string>;
  readonly missing: MissingPeer[];
}

export function emptyPart(): Part {
  return { rows: [], ratios: {}, checks: [], versions: {}, missing: [] };
}

export function medianOf(rows: readonly BenchRow[], label: string): number {
  return rows.find((row) => row.label === label)!.median;
}
