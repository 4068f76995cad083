import fc from 'fast-check';
import { mdpOf } from '../../control/test-support/worlds.js';
import type { TaskMixture } from '../task-prior.js';

const tuple = <T>(arbitrary: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength: length, maxLength: length });

/** Probabilities in halves, so that observations often leave several tasks possible, and some are impossible. */
const halves = (size: number): fc.Arbitrary<number[]> =>
  fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => {
    const probs = new Array<number>(size).fill(0);
    probs[a]! += 0.5;
    probs[b]! += 0.5;
    return probs;
  });

/** Two or three tasks with two states and two actions, with few different rewards; states may be terminal in some. */
export const randomTasks: fc.Arbitrary<Required<TaskMixture>> = fc
  .integer({ min: 2, max: 3 })
  .chain((count) =>
    fc.record({
      tasks: tuple(
        fc
          .record({
            transition: tuple(tuple(halves(2), 2), 2),
            reward: tuple(tuple(fc.constantFrom(0, 1, -0.5), 2), 2),
            initial: halves(2),
            terminal: fc.constantFrom([0, 0], [0, 0], [0, 1]),
          })
          .map(({ transition, reward, initial, terminal }) =>
            mdpOf(transition, reward, { initial, terminal }),
          ),
        count,
      ),
      prior: tuple(fc.integer({ min: 1, max: 4 }), count).map((weights) => {
        const sum = weights.reduce((total, weight) => total + weight, 0);
        return Float64Array.from(weights, (weight) => weight / sum);
      }),
    }),
  );
