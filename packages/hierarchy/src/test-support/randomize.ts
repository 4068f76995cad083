import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { FlowPolicy } from '../flow-policy.js';

/** Gives a policy normal weights with this standard deviation, so that it is no longer the identity. */
export function randomize(policy: FlowPolicy, deviation: number, seed = 7): FlowPolicy {
  const rng = Rng.fromSeed(seed);
  for (const variable of policy.variables) {
    const values = new Float32Array(variable.size);
    rng.fillNormal(values, 0, deviation);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  return policy;
}
