import { startValues } from '../control/backward-pass.js';
import { prepareValidControl } from '../control/control-options.js';
import { startMean } from '../control/infer-control.js';
import { type BayesAdaptiveOptions, prepareBayesAdaptive } from './bayes-adaptive-mdp.js';
import { bestArm } from './best-arm.js';
import type { TaskPrior } from './task-prior.js';

/**
 * Returns the expected return over all episodes of an agent that is told the task and acts optimally in it: what no
 * agent that must find out can exceed. Throws InvalidInputError that names the value at fault.
 */
export function knownTaskValue(family: TaskPrior, options: BayesAdaptiveOptions): number {
  const { prior, model, horizon } = prepareBayesAdaptive(family, options);
  const { episodes, steps } = horizon;
  if ('arms' in prior) return episodes * steps * bestArm(model.beliefs.row(model.prior)).mean;
  let value = 0;
  for (const [k, task] of prior.tasks.entries()) {
    const { centered, offset } = startValues(prepareValidControl(task, { inference: 'hard' }), steps);
    value += prior.prior[k]! * (startMean(task, centered) + offset);
  }
  return episodes * value;
}
