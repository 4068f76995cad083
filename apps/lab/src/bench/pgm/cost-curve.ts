import { type Contender, measureInterleaved } from '../interleave.js';
import { costExponent } from './cost-exponent.js';
import { emptyPart, medianOf, type Part, type Setting } from './part.js';
import type { ProblemName } from './protocol.js';
import { Side } from './sides.js';

const ROUNDS = 3;
/** Repetitions per measurement at the largest size. Smaller sizes get proportionally more. */
const FEWEST_PIECES = 3;
/** Caches, and one-time work, move a fitted exponent a little away from 1, the exponent of linear cost. */
const LARGEST_EXPONENT = 1.05;

export interface Curve {
  readonly label: string;
  readonly problem: ProblemName;
  readonly work: string;
  /** What is varied, as the problem's size names it. */
  readonly axis: string;
  /** Sizes of the problem, smallest first. */
  readonly sizes: readonly number[];
  /** Name of the exponent in the ratios. */
  readonly exponent: string;
}

/** Our cost of one piece of work against the size of the problem. */
export async function costCurve({ core, progress }: Setting, curve: Curve): Promise<Part> {
  const { label, problem, work, axis, sizes, exponent } = curve;
  const part = emptyPart();
  const side = Side.ours(core, problem, 'kernels');
  try {
    const measured: number[] = [];
    const contenders: Contender[] = [];
    for (const [i, size] of sizes.entries()) {
      const count = FEWEST_PIECES * 2 ** (sizes.length - 1 - i);
      measured.push((await side.make(size))[axis]!);
      const contender = side.contender(`${label}, ${axis} = ${measured[i]}`, work, count);
      contenders.push({
        ...contender,
        // Only one problem is held at a time.
        measure: async () => {
          await side.make(size);
          // New memory is slow when it is first written.
          await side.work(work, FEWEST_PIECES);
          return contender.measure();
        },
      });
      progress?.(`${label}: ${axis} = ${measured[i]}`);
    }
    part.rows.push(...(await measureInterleaved(contenders, { rounds: ROUNDS, progress })));
    const value = costExponent(
      measured,
      contenders.map((contender) => medianOf(part.rows, contender.label)),
    );
    part.ratios[exponent] = value;
    part.checks.push({ name: exponent, value, limit: LARGEST_EXPONENT, must: 'be at most' });
    return part;
  } finally {
    await side.close();
  }
}
