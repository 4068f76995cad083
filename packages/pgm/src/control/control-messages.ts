import { requireObject, type TabularMdp } from '@maxent/core';
import { absoluteValues, backwardPass } from './backward-pass.js';
import { type ActionPrior, type ControlProblem, prepareControl } from './control-options.js';

/** Messages of the graphical model with optimality variables; posterior marginals are their normalized products. */
export interface ControlMessages {
  /** log beta_t(s, a) = log p(O_t .. O_{T-1} | s_t, a_t) = Q_t / temperature, [T, states, actions]. */
  readonly logBackwardStateAction: Float64Array;
  /** log beta_t(s) = log p(O_t .. O_{T-1} | s_t) = V_t / temperature, [T + 1, states]. */
  readonly logBackwardState: Float64Array;
  /** log alpha_t(s) = log p(O_0 .. O_{t-1}, s_t), [T, states]. */
  readonly logForwardState: Float64Array;
}

/**
 * Computes the exact messages of `horizon` steps (Levine 2018, section 2): p(s_t | all steps optimal) is proportional
 * to alpha_t(s) beta_t(s), and sum_s alpha_t(s) beta_t(s) is the evidence at every t. With `actionPrior: 'none'` an
 * action has weight 1, not a probability. An episode that has ended stays in its terminal state.
 *
 * Throws InvalidInputError that names the value at fault.
 */
export function controlMessages(
  mdp: TabularMdp,
  options: { readonly horizon: number; readonly temperature?: number; readonly actionPrior?: ActionPrior },
): ControlMessages {
  requireObject('options', options, '{ horizon: 10 }');
  const { horizon, temperature = 1 } = options;
  const problem = prepareControl(mdp, { ...options, inference: 'exact' });
  const pass = backwardPass(problem, horizon);
  const { stateCount } = mdp;
  const logForwardState = new Float64Array(horizon * stateCount);
  logForwardState.set(mdp.initial.map((probability) => Math.log(probability)));
  for (let t = 0; t + 1 < horizon; t++) {
    forwardStep(
      problem,
      logForwardState.subarray(t * stateCount, (t + 1) * stateCount),
      logForwardState.subarray((t + 1) * stateCount, (t + 2) * stateCount),
    );
  }
  return {
    logBackwardStateAction: pass.Q.map((value) => value / temperature),
    logBackwardState: absoluteValues(pass).map((value) => value / temperature),
    logForwardState,
  };
}

/** Computes log alpha_{t+1} from log alpha_t, with each state's sum taken around its own largest term. */
function forwardStep(problem: ControlProblem, now: Float64Array, then: Float64Array): void {
  const { mdp, temperature, valueShift, biasedReward, rowOffsets, columns, probs } = problem;
  const { stateCount, actionCount, terminal } = mdp;
  const largest = then.fill(-Infinity);
  const sums = new Float64Array(stateCount);
  const eachTerm = (visit: (state: number, logTerm: number, probability: number) => void) => {
    for (let state = 0; state < stateCount; state++) {
      if (terminal[state] === 1) {
        visit(state, now[state]!, 1);
        continue;
      }
      for (let row = state * actionCount; row < (state + 1) * actionCount; row++) {
        const logTerm = now[state]! + (biasedReward[row]! + valueShift) / temperature;
        for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) visit(columns[i]!, logTerm, probs[i]!);
      }
    }
  };
  eachTerm((state, logTerm) => {
    if (logTerm > largest[state]!) largest[state] = logTerm;
  });
  eachTerm((state, logTerm, probability) => {
    if (logTerm > -Infinity) sums[state]! += probability * Math.exp(logTerm - largest[state]!);
  });
  for (let state = 0; state < stateCount; state++) then[state] = largest[state]! + Math.log(sums[state]!);
}
