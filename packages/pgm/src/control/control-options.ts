import {
  InvalidInputError,
  isFloat64Array,
  requireDistribution,
  requireLength,
  requireObject,
  type SparseRows,
  showValue,
  type TabularMdp,
  validateTabularMdp,
} from '@maxent/core';

/**
 * Which backup turns V(s') into Q(s, a); the prior p(a | s) is 1 for `actionPrior: 'none'`.
 *
 * - `exact`: the posterior given that every step was optimal, Q = r + temperature log E exp(V' / temperature). The
 *   dynamics bend towards good luck, so it is optimistic wherever chance plays a part.
 * - `variational`: the best posterior that keeps the true dynamics, Q = r + discount E V'. This is maximum-entropy
 *   reinforcement learning.
 * - `hard`: Q = r + discount E V' and V = max_a Q, ties to the lowest action; what both become at temperature 0.
 *
 * The first two share V = temperature log sum_a p(a | s) exp(Q / temperature).
 */
export type ControlInference = 'exact' | 'variational' | 'hard';

/**
 * The distribution of actions before any evidence. `none` sums over actions (the entropy form), `uniform` averages over
 * them (the KL form), and an array p(a | s), [states, actions], weights them; an action of probability 0 is forbidden.
 * `hard` reads only which actions are forbidden.
 */
export type ActionPrior = 'none' | 'uniform' | Float64Array;

export interface ControlOptions {
  readonly inference: ControlInference;
  /** Above 0, in units of reward per nat; default 1. `hard` does not read it. */
  readonly temperature?: number;
  /** In (0, 1]; default 1. */
  readonly discount?: number;
  /** Default `none`. */
  readonly actionPrior?: ActionPrior;
  /**
   * What a discount below 1 means to `exact`, where the two readings differ: after its reward is paid, each step ends
   * the episode with probability 1 - discount, in a state of value 0. Then Q = r + temperature log(discount E exp(V' /
   * temperature) + 1 - discount). The other backups give the same answer under either reading.
   */
  readonly discountAs?: 'termination';
}

/** An MDP with its checked options, as the arrays that sweeps read. */
export interface ControlProblem {
  readonly mdp: TabularMdp;
  readonly inference: ControlInference;
  readonly temperature: number;
  readonly discount: number;
  readonly rowOffsets: Uint32Array;
  readonly columns: Uint32Array;
  /** Positive, so that a value of -Infinity never meets a probability of 0. */
  readonly probs: Float64Array;
  /**
   * The same object in problems with the same transitions, so that what kernels hold of them is held once. The arrays
   * would not do: they may be the caller's, who may change them before the next call.
   */
  readonly transitionsId: object;
  /** r + temperature log p(a | s) for a given prior, r otherwise; [states, actions]. */
  readonly biasedReward: Float64Array;
  /** What remains of the prior: -temperature log A for `uniform`, 0 otherwise. Added to every V. */
  readonly valueShift: number;
  /** p(a | s), [states, actions], when given as an array. */
  readonly givenPrior: Float64Array | null;
  readonly terminalStates: Uint32Array;
}

/** Throws InvalidInputError that names the value at fault, in the MDP or in the options. */
export function prepareControl(mdp: TabularMdp, options: ControlOptions): ControlProblem {
  validateTabularMdp(mdp);
  return prepareValidControl(mdp, options);
}

/** Does what `prepareControl` does for a process that has already been validated. */
export function prepareValidControl(mdp: TabularMdp, options: ControlOptions): ControlProblem {
  requireObject('options', options, "{ inference: 'variational', discount: 0.99 }");
  const { inference, temperature = 1, discount = 1, actionPrior = 'none', discountAs } = options;
  if (!['exact', 'variational', 'hard'].includes(inference)) {
    throw new InvalidInputError(
      'inference',
      `expected "exact", "variational" or "hard", got ${showValue(inference)}`,
    );
  }
  if (inference !== 'hard' && !(temperature > 0 && temperature < Infinity)) {
    throw new InvalidInputError(
      'temperature',
      `expected a number above 0, got ${temperature}; for the limit of 0 use inference "hard"`,
    );
  }
  if (inference !== 'hard' && 1 / temperature === Infinity) {
    throw new InvalidInputError(
      'temperature',
      `expected at least 1e-307, got ${temperature}: dividing by it overflows; measure rewards in other units, ` +
        'or use inference "hard"',
    );
  }
  if (!(discount > 0 && discount <= 1)) {
    throw new InvalidInputError('discount', `expected a number above 0 and at most 1, got ${discount}`);
  }
  if (discountAs !== undefined && discountAs !== 'termination') {
    throw new InvalidInputError('discountAs', `expected "termination", got ${showValue(discountAs)}`);
  }
  if (inference === 'exact' && discount < 1 && discountAs === undefined) {
    throw new InvalidInputError(
      'discount',
      `expected 1 with inference "exact", got ${discount}: a posterior has no discounted sum of rewards; add ` +
        'discountAs "termination" if each step is to end the episode with probability 1 - discount',
    );
  }
  const givenPrior = requireActionPrior(mdp, actionPrior);
  return {
    mdp,
    inference,
    temperature,
    discount,
    ...withoutZeros(mdp.transition),
    transitionsId: {},
    biasedReward: givenPrior === null ? mdp.reward : biasedReward(mdp, givenPrior, inference, temperature),
    valueShift:
      actionPrior === 'uniform' && inference !== 'hard' ? -temperature * Math.log(mdp.actionCount) : 0,
    givenPrior,
    terminalStates: terminalStatesOf(mdp.terminal),
  };
}

function requireActionPrior(mdp: TabularMdp, actionPrior: ActionPrior): Float64Array | null {
  if (actionPrior === 'none' || actionPrior === 'uniform') return null;
  if (!isFloat64Array(actionPrior)) {
    throw new InvalidInputError(
      'actionPrior',
      `expected "none", "uniform" or a Float64Array of [states, actions], got ${showValue(actionPrior)}`,
    );
  }
  const { stateCount, actionCount } = mdp;
  requireLength('actionPrior', actionPrior, stateCount * actionCount);
  for (let state = 0; state < stateCount; state++) {
    const start = state * actionCount;
    requireDistribution(`actionPrior[${state}]`, actionPrior.subarray(start, start + actionCount));
  }
  return actionPrior;
}

function biasedReward(
  mdp: TabularMdp,
  prior: Float64Array,
  inference: ControlInference,
  temperature: number,
): Float64Array {
  return mdp.reward.map((reward, row) => {
    const probability = prior[row]!;
    if (probability === 0) return -Infinity;
    return inference === 'hard' ? reward : reward + temperature * Math.log(probability);
  });
}

/** Returns the entries of positive probability, in the same arrays if all are positive. */
function withoutZeros({
  rowOffsets,
  columns,
  values,
}: SparseRows): Pick<ControlProblem, 'rowOffsets' | 'columns' | 'probs'> {
  if (!values.includes(0)) return { rowOffsets, columns, probs: values };
  const kept = new Uint32Array(rowOffsets.length);
  const keptColumns = new Uint32Array(columns.length);
  const probs = new Float64Array(columns.length);
  let count = 0;
  for (let row = 0; row + 1 < rowOffsets.length; row++) {
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
      if (values[i] === 0) continue;
      keptColumns[count] = columns[i]!;
      probs[count++] = values[i]!;
    }
    kept[row + 1] = count;
  }
  return {
    rowOffsets: kept,
    columns: keptColumns.subarray(0, count),
    probs: probs.subarray(0, count),
  };
}

function terminalStatesOf(terminal: Uint8Array): Uint32Array {
  const states: number[] = [];
  terminal.forEach((flag, state) => {
    if (flag === 1) states.push(state);
  });
  return Uint32Array.from(states);
}
