import { logMeanExp, stateValues } from '../control/backup.js';
import type { ControlProblem } from '../control/control-options.js';
import { type KernelCode, KernelInstance, Layout } from './instance.js';
import type { AddonKernels } from './kernel-addon.js';
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
/** The addon has no logarithms of sums of more exponentials. */
const MOST_ACTIONS_OF_ADDON = 8;

/**
 * Sweeps over a copy of a problem's arrays. Problems with the same transitions share one copy, which is freed with
 * them.
 */
export function makeSweeps(code: KernelCode, fewestTransitions: number): Kernels['sweep'] {
  const copies = new WeakMap<object, ProcessCopy | null>();
  return (problem): Sweep | null => {
    const { stateCount } = problem.mdp;
    if (problem.columns.length < fewestTransitions || stateCount > MOST_STATES) return null;
    let copy = copies.get(problem.transitionsId);
    if (copy === undefined) {
      copy = ProcessCopy.make(code, problem);
      copies.set(problem.transitionsId, copy);
    }
    if (copy === null) return null;
    const holder = copy;
    return (next, out, endValue) => holder.sweep(problem, next, out, endValue);
  };
}

class ProcessCopy {
  private rewards: Float64Array | null = null;
  /** The temperature for which the rewards are stored as `exact` needs them, null if they are stored as they are. */
  private temperature: number | null = null;
  /** Whether all rewards are below what a sweep can take. */
  private usable = false;
  /** The value of a state for `exact`, if its sum underflows. */
  private exactValue: (state: number) => number = () => Number.NaN;

  private constructor(
    private readonly kernel: KernelInstance,
    private readonly places: ReturnType<typeof layOut>['places'],
  ) {}

  /** Returns null if there is not enough memory. */
  static make(code: KernelCode, problem: ControlProblem): ProcessCopy | null {
    const { layout, places, write } = layOut(problem);
    // The kernel asks for values by a function that is given before there is anything to ask.
    let copy: ProcessCopy | undefined;
    const kernel = KernelInstance.make(code, layout, (state) => copy!.exactValue(state));
    if (kernel === null) return null;
    write(kernel, places.next);
    copy = new ProcessCopy(kernel, places);
    return copy;
  }

  sweep(problem: ControlProblem, next: Float64Array, out: Float64Array, endValue: number): boolean {
    const { kernel, places } = this;
    const { mdp, inference, discount, temperature, biasedReward, valueShift, terminalStates } = problem;
    const { stateCount, actionCount } = mdp;
    const exact = inference === 'exact';
    this.take(biasedReward, actionCount, exact ? temperature : null);
    if (!this.usable) return false;
    kernel.floats(places.next, stateCount).set(next);
    const maximum = kernel.exports.largest(places.next.address, stateCount);
    if (Number.isNaN(maximum)) return false;
    let endWeight = 0;
    if (exact) {
      kernel.fastest.weigh(places.next.address, stateCount, maximum, 1 / temperature);
      if (discount < 1 && maximum > -Infinity) {
        endWeight = (1 - discount) * Math.exp((endValue - maximum) / temperature);
      }
      this.exactValue = (state) => exactValue(problem, next, endValue, state);
    }
    const tooMany = inference === 'variational' && actionCount > MOST_ACTIONS_OF_ADDON;
    const kernels: AddonKernels = tooMany ? kernel.exports : kernel.fastest;
    kernels.sweep(
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
      this.exactValue,
    );
    out.set(kernel.floats(places.out, stateCount));
    for (const state of terminalStates) out[state] = endValue;
    return true;
  }

  /**
   * Stores the rewards in the order in which they are read: [actions, 8] for each 8 states; or, if a temperature is given,
   * [actions + 1, 8], as assembly/sweep.ts says for `exact`.
   */
  private take(rewards: Float64Array, actionCount: number, temperature: number | null): void {
    if (this.rewards === rewards && this.temperature === temperature) return;
    const { kernel, places } = this;
    const exact = temperature !== null;
    const rows = GROUP * actionCount;
    const size = exact ? rows + GROUP : rows;
    const count = Math.ceil(rewards.length / rows) * size;
    const stored = kernel.floats(places.rewards, count);
    // The last group need not be whole.
    stored.fill(0, count - size);
    for (let start = 0, row = 0; start < count; start += size) {
      for (let i = start; i < start + GROUP; i++, row += actionCount) {
        const end = Math.min(row + actionCount, rewards.length);
        let largest = exact ? -Infinity : 0;
        if (exact) for (let j = row; j < end; j++) largest = Math.max(largest, rewards[j]!);
        for (let j = row, to = i; j < end; j++, to += GROUP) {
          stored[to] = largest === -Infinity ? largest : rewards[j]! - largest;
        }
        if (exact) stored[i + rows] = largest;
      }
      if (exact) kernel.exports.weigh(places.rewards.address + 8 * start, rows, 0, 1 / temperature);
    }
    this.rewards = rewards;
    this.temperature = temperature;
    this.usable = !Number.isNaN(kernel.exports.largest(places.rewards.address, count));
  }
}

/** V of one state, at any scale. */
function exactValue(problem: ControlProblem, next: Float64Array, endValue: number, state: number): number {
  const { actionCount } = problem.mdp;
  const q = Float64Array.from({ length: actionCount }, (_, action) => {
    const row = state * actionCount + action;
    return problem.biasedReward[row]! + logMeanExp(problem, next, row, endValue, 0);
  });
  const value = new Float64Array(1);
  stateValues(problem, q, 0, 1, value);
  return value[0]!;
}

function layOut(problem: ControlProblem) {
  const { stateCount, actionCount } = problem.mdp;
  const groups = Math.floor(BLOCK_NUMBERS / (GROUP * actionCount));
  const block = Math.min(MOST_STATES_OF_BLOCK, GROUP * Math.max(1, groups));
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
      // Whole groups, with the largest reward of each state.
      rewards: layout.floats(Math.ceil(stateCount / GROUP) * GROUP * (actionCount + 1)),
    },
  };
}
