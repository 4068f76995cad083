import { logMeanExp } from '../control/backup.js';
import type { ControlProblem } from '../control/control-options.js';
import { KernelInstance, Layout } from './instance.js';
import type { Kernels, Sweep } from './registry.js';

/** Numbers of a block of states and actions: few enough to stay in the first-level cache. */
const BLOCK_NUMBERS = 2048;
const MOST_STATES_OF_BLOCK = 64;
/** Padding between the actions of a block, in bytes, so that they do not compete for the same lines of the cache. */
const STRIDE_MARGIN = 64;
/** The addresses of values must be 32-bit numbers. */
const MOST_STATES = 2 ** 28;

/**
 * Sweeps over a copy of a problem's arrays. Problems with the same transitions share one copy, which is freed with
 * them.
 */
export function makeSweeps(module: WebAssembly.Module, fewestTransitions: number): Kernels['sweep'] {
  const copies = new WeakMap<object, TransitionsCopy | null>();
  return (problem): Sweep | null => {
    const { stateCount } = problem.mdp;
    if (problem.columns.length < fewestTransitions || stateCount > MOST_STATES) return null;
    let copy = copies.get(problem.transitionsId);
    if (copy === undefined) {
      copy = TransitionsCopy.make(module, problem);
      copies.set(problem.transitionsId, copy);
    }
    if (copy === null) return null;
    const holder = copy;
    return (next, out, endValue) => holder.sweep(problem, next, out, endValue);
  };
}

class TransitionsCopy {
  private rewards: Float64Array | null = null;
  /** Whether all rewards are, as `usable` of assembly/sweep.ts says. */
  private usable = false;
  /** The mean of a row for `exact`, if its sum underflows. */
  private meanOfRow: (row: number) => number = () => Number.NaN;

  private constructor(
    private readonly kernel: KernelInstance,
    private readonly places: ReturnType<typeof layOut>,
  ) {}

  /** Returns null if there is not enough memory. */
  static make(module: WebAssembly.Module, problem: ControlProblem): TransitionsCopy | null {
    const { rowOffsets, columns, probs } = problem;
    const places = layOut(problem);
    // The kernel asks for means by a function that is given before there is anything to ask.
    let copy: TransitionsCopy | undefined;
    const kernel = KernelInstance.make(module, places.layout, (row) => copy!.meanOfRow(row));
    if (kernel === null) return null;
    kernel.integers(places.offsets, rowOffsets.length).set(rowOffsets);
    kernel.integers(places.columns, columns.length).set(columns);
    kernel.floats(places.probs, probs.length).set(probs);
    kernel.exports.address(places.columns.address, columns.length, places.next.address);
    const { stateCount, actionCount } = problem.mdp;
    kernel.exports.rowLengths(
      places.offsets.address,
      stateCount,
      actionCount,
      places.block,
      places.lengths.address,
    );
    copy = new TransitionsCopy(kernel, places);
    return copy;
  }

  sweep(problem: ControlProblem, next: Float64Array, out: Float64Array, endValue: number): boolean {
    const { kernel, places } = this;
    const { mdp, inference, discount, temperature, biasedReward, valueShift, terminalStates } = problem;
    const { stateCount, actionCount } = mdp;
    if (this.rewards !== biasedReward) {
      kernel.floats(places.rewards, biasedReward.length).set(biasedReward);
      this.rewards = biasedReward;
      this.usable = kernel.exports.usable(places.rewards.address, biasedReward.length) === 1;
    }
    kernel.floats(places.next, stateCount).set(next);
    if (!this.usable || kernel.exports.usable(places.next.address, stateCount) === 0) return false;
    const exact = inference === 'exact';
    let maximum = 0;
    let endWeight = 0;
    if (exact) {
      maximum = kernel.exports.largest(places.next.address, stateCount);
      kernel.exports.weigh(places.next.address, stateCount, maximum, 1 / temperature);
      if (discount < 1 && maximum > -Infinity) {
        endWeight = (1 - discount) * Math.exp((endValue - maximum) / temperature);
      }
      this.meanOfRow = (row) => logMeanExp(problem, next, row, endValue, 0);
    }
    kernel.exports.sweep(
      exact ? 1 : 0,
      inference === 'hard' ? 1 : 0,
      stateCount,
      actionCount,
      places.offsets.address,
      places.lengths.address,
      places.columns.address,
      places.probs.address,
      places.rewards.address,
      places.out.address,
      places.terms.address,
      places.block,
      places.stride,
      discount,
      temperature,
      valueShift,
      maximum,
      endWeight,
    );
    out.set(kernel.floats(places.out, stateCount));
    for (const state of terminalStates) out[state] = endValue;
    return true;
  }
}

function layOut({ mdp, rowOffsets, columns, probs }: ControlProblem) {
  const { stateCount, actionCount } = mdp;
  const pairs = Math.floor(BLOCK_NUMBERS / (2 * actionCount));
  const block = Math.min(MOST_STATES_OF_BLOCK, 2 * Math.max(1, pairs));
  const stride = 8 * block + STRIDE_MARGIN;
  const layout = new Layout();
  return {
    layout,
    block,
    stride,
    // The kernel writes states in pairs.
    next: layout.floats(stateCount + 1),
    out: layout.floats(stateCount + 1),
    terms: layout.floats((actionCount * stride) / 8),
    rewards: layout.floats(stateCount * actionCount),
    probs: layout.floats(probs.length),
    offsets: layout.integers(rowOffsets.length),
    // One byte for each block.
    lengths: layout.integers(Math.ceil(stateCount / block / 4)),
    columns: layout.integers(columns.length),
  };
}
