import { readTensor, selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { Categorical } from '@maxent/distributions';
import { lottery } from '@maxent/envs';
import { Adam, lossAndGradients } from '@maxent/nn';
import { inferControl } from '@maxent/pgm';
import { perStepControlElbo, sampleTrajectories, tabularPolicy } from '@maxent/pgm/variational';
import * as tf from '@tensorflow/tfjs-core';

// Walk to a reward of 1, or gamble for a reward of 5 with a chance of 1 in 10. Control as exact inference asks which
// action optimal trajectories took, and lucky ones are among them: it gambles. A bound that keeps the true dynamics
// does not, and a policy trained to raise this bound on sampled trajectories finds the same answer.

const mdp = lottery();
const horizon = 2;
const prior = 1 / mdp.actionCount;

function exactGamble(inference: 'exact' | 'variational'): number {
  return inferControl(mdp, { horizon, inference, actionPrior: 'uniform' }).policy[1]!;
}

/** Stochastic gradient ascent on the bound, with a table of logits for each step; p(gamble) in the first. */
function learnedGamble(steps: number): number {
  const logits = tf.variable(tf.zeros([horizon, mdp.stateCount, mdp.actionCount]));
  const actionPrior = new Categorical(tf.fill([mdp.actionCount], Math.log(prior)));
  const adam = new Adam([logits], { learningRate: 0.02 });
  const rng = Rng.fromSeed(1);
  const policy = (): Float32Array => tf.tidy(() => readTensor(new Categorical(logits).probs()));
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const sampled = sampleTrajectories(mdp, { policy: policy(), horizon, trajectories: 500, rng });
      const loss = (): tf.Scalar => {
        const policy = tabularPolicy(logits, sampled.states);
        return tf.neg(tf.mean(perStepControlElbo({ ...sampled, policy, actionPrior, temperature: 1 })));
      };
      adam.step(lossAndGradients(loss, [logits]).gradients);
    });
  }
  return policy()[1]!;
}

await selectBackend();
process.stdout.write(
  `p(gamble), exact posterior:       ${exactGamble('exact').toFixed(3)}\n` +
    `p(gamble), variational posterior: ${exactGamble('variational').toFixed(3)}\n` +
    `p(gamble), learned from samples:  ${learnedGamble(500).toFixed(3)}\n`,
);
