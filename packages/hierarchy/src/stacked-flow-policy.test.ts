import { readTensor, selectBackend, standardNormal } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Rng } from '@maxent/core';
import { lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { numericalLogDet } from '../../distributions/src/bijectors/test-support/double-precision.js';
import { FlowPolicy } from './flow-policy.js';
import { StackedFlowPolicy } from './stacked-flow-policy.js';
import { policyInDouble } from './test-support/policy-in-double.js';
import { randomize } from './test-support/randomize.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const make = (actionSize: number, squashed: boolean) =>
  new FlowPolicy({
    observationSize: 3,
    actionSize,
    hiddenSizes: [16],
    couplingLayers: 2,
    couplingHiddenSize: 8,
    maximumLogScale: 3,
    squashed,
    rng: Rng.fromSeed(1),
  });

/** Frozen flows, the lowest squashed or not. */
const frozen = (actionSize: number, squashed: boolean, levels: number) =>
  Array.from({ length: levels }, (_, i) => randomize(make(actionSize, squashed && i === 0), 0.2, 3 + i));

const states = () => standardNormal<tf.Rank.R2>([5, 3], Rng.fromSeed(2));

describe('StackedFlowPolicy', () => {
  it.each([
    [1, true],
    [4, true],
    [4, false],
  ])('starts as the policy of the frozen flow, bit for bit: %i entries, squashed %s', (size, squashed) => {
    tf.tidy(() => {
      const [below] = frozen(size, squashed, 1);
      const stack = new StackedFlowPolicy(make(size, false), [below!]).at(states());
      const alone = below!.at(states());
      const [drawn, expected] = [stack.sample(Rng.fromSeed(5)), alone.sample(Rng.fromSeed(5))];
      expect(readTensor(drawn.action)).toEqual(readTensor(expected.action));
      expect(readTensor(drawn.logRatio)).toEqual(readTensor(expected.logRatio));
      expect(readTensor(stack.mode())).toEqual(readTensor(alone.mode()));
    });
  });

  it.each([
    [1, true, 1],
    [2, true, 1],
    [5, true, 2],
    [5, false, 1],
    [17, true, 3],
  ])(
    'has the density of its numerical Jacobian: %i entries, squashed %s, %i frozen',
    (size, squashed, levels) => {
      tf.tidy(() => {
        const below = frozen(size, squashed, levels);
        const top = randomize(make(size, false), 0.2, 9);
        const observations = states();
        const { action, logRatio } = new StackedFlowPolicy(top, below)
          .at(observations)
          .sample(Rng.fromSeed(5));
        const latents = standardNormal<tf.Rank.R2>([5, size], Rng.fromSeed(5));
        const [actions, noise, seen] = [action, latents, observations].map((rows) => rows.arraySync());
        for (const [row, value] of readTensor(logRatio).entries()) {
          const maps = [...below, top].map((flow) => policyInDouble(flow, seen![row]!));
          const forward = (z: readonly number[]) =>
            maps.reduceRight<number[]>((x, map) => map.forward(x), [...z]);
          const z = noise![row]!;
          for (const [i, entry] of forward(z).entries()) {
            expect(Math.abs(actions![row]![i]! - entry)).toBeLessThan(2e-5 * Math.max(1, Math.abs(entry)));
          }
          const logNormal = (x: readonly number[]) =>
            x.reduce((sum, entry) => sum - 0.5 * (entry * entry + Math.log(2 * Math.PI)), 0);
          const density = logNormal(z) - numericalLogDet(forward, z);
          const expected = squashed ? density : density - logNormal(forward(z));
          expect(Math.abs(value - expected)).toBeLessThan(5e-4 * Math.max(1, Math.abs(expected)));
        }
      });
    },
  );

  it('has the gradients of its numerical derivatives, through the frozen flows', () => {
    tf.tidy(() => {
      const below = frozen(3, true, 2);
      const top = randomize(make(3, false), 0.2, 9);
      const stack = new StackedFlowPolicy(top, below);
      const observations = states();
      const loss = () => {
        const { action, logRatio } = stack.at(observations).sample(Rng.fromSeed(5));
        return tf.add(tf.mean(logRatio), tf.sum(tf.square(action))) as tf.Scalar;
      };
      const before = below.map((flow) => flow.save());
      const { gradients } = lossAndGradients(loss, stack.variables);
      const rng = Rng.fromSeed(4);
      for (const [i, variable] of stack.variables.entries()) {
        const start = readTensor(variable).slice();
        const direction = new Float32Array(start.length);
        rng.fillNormal(direction);
        const at = (step: number): number => {
          variable.assign(
            tf.tensor(
              start.map((value, k) => value + step * direction[k]!),
              variable.shape,
            ),
          );
          return readTensor(loss())[0]!;
        };
        const numerical = (at(3e-4) - at(-3e-4)) / 6e-4;
        at(0);
        const gradient = readTensor(gradients[i]!);
        const exact = gradient.reduce((sum, value, k) => sum + value * direction[k]!, 0);
        expect(Math.abs(numerical - exact)).toBeLessThan(2e-2 * Math.max(1, Math.abs(exact)));
      }
      expect(below.map((flow) => flow.save())).toEqual(before);
    });
  });
});
