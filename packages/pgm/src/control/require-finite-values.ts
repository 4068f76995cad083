import { InvalidInputError } from '@maxent/core';
import type { ControlProblem } from './control-options.js';

/** The largest value allowed: it leaves room below the largest double, 1.8e308, for what is added on the way. */
const LARGEST = 1e307;

/**
 * Throws InvalidInputError when the values of `horizon` steps could overflow: their absolute value is at most T (max
 * |r| + temperature log A), and the evidence in nats is at most that divided by the temperature.
 */
export function requireFiniteValues(problem: ControlProblem, horizon: number): void {
  const { mdp, inference, temperature } = problem;
  const { reward, actionCount } = mdp;
  let largest = 0;
  for (let row = 1; row < reward.length; row++) {
    if (sizeOf(reward[row]!) > sizeOf(reward[largest]!)) largest = row;
  }
  const entropy = inference === 'hard' ? 0 : temperature * Math.log(actionCount);
  const bound = horizon * (sizeOf(reward[largest]!) + entropy);
  if (bound > LARGEST) {
    const field =
      entropy > sizeOf(reward[largest]!)
        ? 'temperature'
        : `reward[${Math.floor(largest / actionCount)}][${largest % actionCount}]`;
    throw new InvalidInputError(
      field,
      `${field === 'temperature' ? temperature : reward[largest]} in each of ${horizon} steps overflows; measure rewards ` +
        'in other units, and write "-Infinity" to forbid an action',
    );
  }
  if (inference !== 'hard' && bound / temperature > LARGEST) {
    throw new InvalidInputError(
      'temperature',
      `values of up to ${bound} divided by ${temperature} overflow; use a higher temperature, or inference "hard"`,
    );
  }
}

/** Returns |reward|, but 0 for -Infinity, which forbids an action. */
function sizeOf(reward: number): number {
  return reward === -Infinity ? 0 : Math.abs(reward);
}
