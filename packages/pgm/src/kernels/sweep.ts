import { logMeanExp } from '../control/backup.js';
import type { ControlProblem } from '../control/control-options.js';
import { KernelInstance, Layout } from './instance.js';
import type { Kernels, Sweep } from './registry.js';
import { storeTransitions } from './stored-transitions.js';

/** Numbers of a block of states and actions: few enough to stay in the first-level cache. */
const BLOCK_NUMBERS = 2048;
const MOST_STATES_OF_BLOCK = 16;
/** Rewards are stored for so many states together, and blocks are whole groups. */
const GROUP = 8;
/** Padding between the actions of a block, in bytes, so that they do not compete for the same lines of the cache. */
const STRIDE_MARGIN = 64;
/** The addresses of values must be 32-bit numbers. */
const MOST_STATES = 2 ** 28;

/**
 * Sweeps over a copy of a problem's arrays. Problems with the same transitions share one copy, which is freed with
 * them.
 */
export function makeSweeps(module: WebAssembly.Module, fewestTransitions: number): Kernels['sweep'] {
  const copies = new WeakMap<object, ProcessCopy | null>();
  return (problem): Sweep | null => {
    const { stateCount } = problem.mdp;
    if (problem.columns.length < fewestTransitions || stateCount > MOST_STATES) return null;
    let copy = copies.get(problem.transitionsId);
    if (copy === undefined) {
      copy = ProcessCopy.make(module, problem);
      copies.set(problem.transitionsId, copy);
    }
    if (copy === null) return null;
    const holder = copy;
    return (next, out, endValue) => holder.sweep(problem, next, out, endValue);
  };
}

class ProcessCopy {
  private rewards: Float64Array | null = null;
  /** Whether all rewards are below what a sweep can take. */
  private usable = false;
  /** The mean of a row for `exact`, if its sum underflows. */
  private meanOfRow: (row: number) => number = () => Number.NaN;

  private constructor(
    private readonly kernel: KernelInstance,
    private readonly places: ReturnType<typeof layOut>['places'],
  ) {}

  /** Returns null if there is not enough memory. */
  static make(module: WebAssembly.Module, problem: ControlProblem): ProcessCopy | null {
    const { layout, places, write } = layOut(problem);
    // The kernel asks for means by a function that is given before there is anything to ask.
    let copy: ProcessCopy | undefined;
    const kernel = KernelInstance.make(module, layout, (row) => copy!.meanOfRow(row));
    if (kernel === null) return null;
    write(kernel, places.next);
    copy = new ProcessCopy(kernel, places);
    return copy;
  }

  sweep(problem: ControlProblem, next: Float64Array, out: Float64Array, endValue: number): boolean {
    const { kernel, places } = this;
    const { mdp, inference, discount, temperature, biasedReward, valueShift, terminalStates } = problem;
    const { stateCount, actionCount } = mdp;
    if (this.rewards !== biasedReward) this.take(biasedReward, actionCount);
    if (!this.usable) return false;
    kernel.floats(places.next, stateCount).set(next);
    const maximum = kernel.exports.largest(places.next.address, stateCount);
    if (Number.isNaN(maximum)) return false;
    const exact = inference === 'exact';
    let endWeight = 0;
    if (exact) {
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
      places.kinds.address,
      places.offsets.address,
      places.runs.address,
      places.patterns.address,
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

  /** Copies the rewards, [actions, 8] for each 8 states: in the order in which they are read. */
  private take(rewards: Float64Array, actionCount: number): void {
    const { kernel, places } = this;
    const count = places.rewardCount;
    const copied = kernel.floats(places.rewards, count);
    for (let i = 0, first = 0; i < count; first += GROUP * actionCount) {
      for (let row = first; row < first + actionCount; row++) {
        // After the last state, nothing is read from here.
        for (let j = 0; j < GROUP; j++) copied[i++] = rewards[row + j * actionCount] ?? 0;
      }
    }
    this.rewards = rewards;
    this.usable = !Number.isNaN(kernel.exports.largest(places.rewards.address, count));
  }
}

function layOut(problem: ControlProblem) {
  const { stateCount, actionCount } = problem.mdp;
  const groups = Math.floor(BLOCK_NUMBERS / (GROUP * actionCount));
  const block = Math.min(MOST_STATES_OF_BLOCK, GROUP * Math.max(1, groups));
  const rewardCount = Math.ceil(stateCount / GROUP) * GROUP * actionCount;
  const stride = 8 * block + STRIDE_MARGIN;
  const layout = new Layout();
  const { places, write } = storeTransitions(problem, block, layout);
  return {
    layout,
    write,
    places: {
      ...places,
      block,
      stride,
      // The kernel reads and writes numbers in pairs.
      next: layout.floats(stateCount + 1),
      out: layout.floats(stateCount + 1),
      terms: layout.floats((actionCount * stride) / 8),
      rewards: layout.floats(rewardCount),
      rewardCount,
    },
  };
}
