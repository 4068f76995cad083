import { InvalidInputError } from '@maxent/core';
import { type Distribution, klDivergence, withoutGradient } from '@maxent/distributions';
import * as tf from '@tensorflow/tfjs-core';
import { constantOf } from './pathwise.js';
import { lessMeanOfOthers } from './score-function-elbo.js';

export interface ControlElboOptions {
  /** pi(a | s_t) in the states that were visited, batch shape [trajectories, horizon]. */
  readonly policy: Distribution;
  /**
   * p(a | s_t), the action prior in those states; its batch shape must broadcast to the policy's. Default: none, which
   * gives every action weight 1, so that the bound contains the entropy instead of a divergence.
   */
  readonly actionPrior?: Distribution | undefined;
  /** a_t, drawn from the policy; [trajectories, horizon, ...event]. */
  readonly actions: tf.Tensor;
  /** r(s_t, a_t), [trajectories, horizon]. */
  readonly rewards: tf.Tensor;
  /** 1 for steps that were taken, 0 after the end of a trajectory, [trajectories, horizon]. Default: all were taken. */
  readonly active?: tf.Tensor | undefined;
  /** The temperature in p(optimal at t | s_t, a_t) = exp(r / temperature). */
  readonly temperature: number;
}

/**
 * Returns the evidence lower bound of control as inference,
 * log p(all steps optimal) >= E_q[log p(optimal, trajectory) - log q(trajectory)] with
 * q = p(s_0) prod_t pi(a_t | s_t) p(s_{t+1} | s_t, a_t), on sampled trajectories. The dynamics appear in both and
 * cancel (Levine 2018, section 3.1):
 *
 *   L(trajectory) = sum_t r(s_t, a_t) / temperature + log p(a_t | s_t) - log pi(a_t | s_t).
 *
 * The result is [trajectories], in nats; times the temperature, it is in units of reward. Its mean is the bound of this
 * policy, hence its soft value. Its gradient in the policy's parameters is an unbiased gradient of the bound: the score
 * function weighted by the sum from step t on, minus the mean of that sum over the other trajectories (a single
 * trajectory has no such baseline).
 *
 * @throws InvalidInputError if a shape does not fit the policy's or the temperature is not positive.
 */
export function trajectoryControlElbo(options: ControlElboOptions): tf.Tensor {
  check(options);
  return tf.tidy(() => {
    const { policy, actionPrior, actions } = options;
    const logPolicy = policy.logProb(actions);
    const logRatio =
      actionPrior === undefined ? tf.neg(logPolicy) : tf.sub(actionPrior.logProb(actions), logPolicy);
    const steps = constantOf(whileActive(tf.add(optimality(options), logRatio), options));
    const score = scoreTerm(fromHereOn(steps), logPolicy, options);
    return tf.add(tf.sum(steps, 1), score);
  });
}

/**
 * Returns the same bound step by step, with the exact mean over the action of each step:
 *
 *   L(trajectory) = sum_t r(s_t, a_t) / temperature + H(pi(. | s_t)),
 *
 * reward plus entropy; with an action prior, -KL(pi(. | s_t) || p(. | s_t)) instead of H. On a sampled trajectory it
 * differs from `trajectoryControlElbo` by sum_t H(pi(. | s_t)) + log pi(a_t | s_t), in which every term has mean zero
 * given s_t: value and gradient of the two have the same means, and this one is less noisy where entropies vary less
 * than surprises do.
 *
 * @throws InvalidInputError if a shape does not fit the policy's or the temperature is not positive.
 * @throws NoClosedFormError if the entropy or divergence has no closed form; the trajectory form needs none.
 */
export function perStepControlElbo(options: ControlElboOptions): tf.Tensor {
  check(options);
  return tf.tidy(() => {
    const { policy, actionPrior, actions } = options;
    const entropy = actionPrior === undefined ? policy.entropy() : tf.neg(klDivergence(policy, actionPrior));
    const entropies = whileActive(entropy, options);
    const rewards = whileActive(optimality(options), options);
    // The entropy at t does not depend on the action at t.
    const consequences = withoutGradient(() => tf.sub(fromHereOn(tf.add(rewards, entropies)), entropies));
    const score = scoreTerm(consequences, policy.logProb(actions), options);
    return tf.add(tf.sum(tf.add(rewards, entropies), 1), score);
  });
}

/** Returns log p(optimal at t | s_t, a_t). */
function optimality({ rewards, temperature }: ControlElboOptions): tf.Tensor {
  return tf.div(rewards, temperature);
}

function whileActive(steps: tf.Tensor, { active }: ControlElboOptions): tf.Tensor {
  return active === undefined ? steps : tf.where(tf.cast(active, 'bool'), steps, 0);
}

/** Returns sum_{t' >= t} x_t', [trajectories, horizon]. */
function fromHereOn(steps: tf.Tensor): tf.Tensor {
  return tf.cumsum(steps, 1, false, true);
}

/**
 * Returns a term with the gradient of sum_t (G_t - b_t) log pi(a_t | s_t) and the value zero; G and b are constants.
 */
function scoreTerm(gains: tf.Tensor, logPolicy: tf.Tensor, options: ControlElboOptions): tf.Tensor {
  const advantage = gains.shape[0] === 1 ? gains : lessMeanOfOthers(gains);
  const score = tf.mul(advantage, tf.sub(logPolicy, constantOf(logPolicy)));
  return tf.sum(whileActive(score, options), 1);
}

function check({ policy, rewards, active, temperature }: ControlElboOptions): void {
  const { batchShape } = policy;
  if (batchShape.length !== 2) {
    throw new InvalidInputError(
      'policy',
      `expected batch shape [trajectories, horizon], got [${batchShape}]`,
    );
  }
  for (const [field, tensor] of Object.entries({ rewards, active })) {
    if (tensor !== undefined && tensor.shape.join() !== batchShape.join()) {
      throw new InvalidInputError(
        field,
        `expected shape [${batchShape}], the policy's batch, got [${tensor.shape}]`,
      );
    }
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new InvalidInputError('temperature', `expected a positive number, got ${temperature}`);
  }
}
