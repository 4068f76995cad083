import { adamStep, clipByGlobalNorm, readTensor, tensorOf } from '@maxent/backend';
import {
  InvalidInputError,
  type ShapedArray,
  type Snapshot,
  SnapshotMismatchError,
  showStored,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkSchedule, type LearningRateSchedule, learningRateFactor } from './learning-rate-schedule.js';

export interface AdamOptions {
  readonly learningRate: number;
  /** The decay rate of the first moment, default 0.9. */
  readonly beta1?: number | undefined;
  /** The decay rate of the second moment, default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the square root of the corrected second moment, default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Unless it is null (the default), gradients are first scaled down so that their global norm is at most this. */
  readonly maxGradientNorm?: number | null | undefined;
  /** How the learning rate falls with the steps taken; default constant. */
  readonly schedule?: LearningRateSchedule | undefined;
}

interface Slot {
  readonly parameters: tf.Variable;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), in place. As in PyTorch, the bias corrections are applied to the moments and
 * `epsilon` is added after the square root. It owns its moments, not the variables.
 *
 * @throws InvalidInputError if there are no variables or an option is out of range.
 */
export class Adam {
  private readonly slots: readonly Slot[];
  private readonly options: AdamOptions;
  private stepsTaken = 0;

  constructor(variables: readonly tf.Variable[], options: AdamOptions) {
    checkOptions(variables, options);
    this.options = options;
    this.slots = variables.map((parameters) => ({
      parameters,
      firstMoment: zeroVariable(parameters.shape),
      secondMoment: zeroVariable(parameters.shape),
    }));
  }

  /** The number of steps taken. */
  get steps(): number {
    return this.stepsTaken;
  }

  /**
   * Updates the variables by one step. The caller still owns the gradients and must dispose them.
   *
   * @param gradients one for each variable, in the constructor's order.
   * @throws InvalidInputError if their number or a shape is wrong; nothing has changed then.
   */
  step(gradients: readonly tf.Tensor[]): void {
    this.checkGradients(gradients);
    const { maxGradientNorm = null, schedule, ...options } = this.options;
    const factor = schedule === undefined ? 1 : learningRateFactor(schedule, this.stepsTaken);
    const learningRate = options.learningRate * factor;
    tf.tidy(() => {
      const used =
        maxGradientNorm === null ? gradients : clipByGlobalNorm(gradients, maxGradientNorm).tensors;
      this.stepsTaken += 1;
      for (const [i, slot] of this.slots.entries()) {
        adamStep({ ...options, ...slot, learningRate, gradient: used[i]!, step: this.stepsTaken });
      }
    });
  }

  /** The moments and the step count, without the variables and options. */
  save(): Snapshot {
    const arrays: Record<string, ShapedArray> = {};
    for (const [i, { firstMoment, secondMoment }] of this.slots.entries()) {
      arrays[`firstMoment.${i}`] = { shape: firstMoment.shape, data: readTensor(firstMoment) };
      arrays[`secondMoment.${i}`] = { shape: secondMoment.shape, data: readTensor(secondMoment) };
    }
    return { arrays, metadata: { steps: this.stepsTaken } };
  }

  /** @throws SnapshotMismatchError if the snapshot is not one of an Adam over variables of these shapes. */
  load(snapshot: Snapshot): void {
    const { steps } = snapshot.metadata;
    if (!Number.isSafeInteger(steps) || (steps as number) < 0) {
      throw new SnapshotMismatchError(`Adam: steps must be a whole number, got ${showStored(steps)}`);
    }
    const moments = this.slots.flatMap(({ firstMoment, secondMoment }, i) => [
      { name: `firstMoment.${i}`, variable: firstMoment },
      { name: `secondMoment.${i}`, variable: secondMoment },
    ]);
    const expected = moments.map(({ name, variable }) => `${name} [${variable.shape}]`);
    const actual = Object.entries(snapshot.arrays).map(([name, { shape }]) => `${name} [${shape}]`);
    if ([...expected].sort().join() !== actual.sort().join()) {
      throw new SnapshotMismatchError(
        `Adam: expected the arrays ${expected.join(', ')}, got ${actual.join(', ')}`,
      );
    }
    for (const { name, variable } of moments) assign(variable, snapshot.arrays[name]!);
    this.stepsTaken = steps as number;
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { firstMoment, secondMoment } of this.slots) tf.dispose([firstMoment, secondMoment]);
  }

  private checkGradients(gradients: readonly tf.Tensor[]): void {
    if (gradients.length !== this.slots.length) {
      throw new InvalidInputError(
        'gradients',
        `expected ${this.slots.length} of them, got ${gradients.length}`,
      );
    }
    for (const [i, { parameters }] of this.slots.entries()) {
      if (!tf.util.arraysEqual(gradients[i]!.shape, parameters.shape)) {
        throw new InvalidInputError(
          `gradients[${i}]`,
          `expected shape [${parameters.shape}], got [${gradients[i]!.shape}]`,
        );
      }
    }
  }
}

function zeroVariable(shape: readonly number[]): tf.Variable {
  const zeros = tf.zeros([...shape]);
  const variable = tf.variable(zeros, false);
  zeros.dispose();
  return variable;
}

function assign(variable: tf.Variable, { data, shape }: ShapedArray): void {
  const values = tensorOf(Float32Array.from(data), [...shape] as [number]);
  variable.assign(values);
  values.dispose();
}

function checkOptions(variables: readonly tf.Variable[], options: AdamOptions): void {
  if (variables.length === 0) throw new InvalidInputError('variables', 'expected at least one, got none');
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, maxGradientNorm = null } = options;
  const check = (field: string, value: number, fits: boolean, expected: string): void => {
    if (!fits) throw new InvalidInputError(field, `expected ${expected}, got ${value}`);
  };
  check('learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a positive number');
  check('beta1', beta1, beta1 >= 0 && beta1 < 1, 'a number in [0, 1)');
  check('beta2', beta2, beta2 >= 0 && beta2 < 1, 'a number in [0, 1)');
  check('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'a positive number');
  if (options.schedule !== undefined) checkSchedule(options.schedule);
  if (maxGradientNorm !== null) {
    check('maxGradientNorm', maxGradientNorm, maxGradientNorm > 0, 'a positive number');
  }
}
