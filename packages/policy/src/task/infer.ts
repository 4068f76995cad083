import {
  type Belief,
  encodeValue,
  InvalidInputError,
  type Space,
  showValue,
  type Transition,
} from '@maxent/core';
import {
  anyFieldsOf,
  booleanOf,
  countOf,
  type Fields,
  fieldsOf,
  oneOf,
  refuse,
  textOf,
} from '../file/fields.js';
import type { Bounds } from '../heads/bounds.js';
import { type Builder, buildNetwork } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';

/** One step in a task, as `Agent.observe` takes it; what is asked for beside these depends on the policy. */
export type ContextRow = Pick<Transition, 'observation' | 'action' | 'reward'> &
  Partial<Pick<Transition, 'nextObservation' | 'info'>>;

export interface TaskInference {
  readonly size: number;
  /** Undefined where the policy is told the task. */
  readonly infer: ((context: readonly ContextRow[]) => Belief) | undefined;
}

interface Site {
  readonly builder: Builder;
  readonly json: unknown;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly bounds: () => Bounds;
}

const SMALLEST_VARIANCE = 1e-7;

/** `PolicyTask` of @maxent/core. */
export function taskOf(site: Site): TaskInference {
  const fields = fieldsOf('task', site.json, 'size inferred');
  const size = countOf('task.size', fields.size);
  if (fields.inferred === null) return { size, infer: undefined };
  const inferred = fieldsOf('task.inferred', fields.inferred, 'encoder nextObservation reward');
  const row = rowOf(site, inferred);
  const encoder = encoderOf(site.builder, inferred.encoder, row.slot, size);
  return {
    size,
    infer: (context) => {
      if (context.length === 0) return { mean: zeros(size), variance: zeros(size).map(() => 1) };
      return encoder(context.length, (i) => row.write(context[i]!, `infer: context[${i}]`));
    },
  };
}

interface Row {
  readonly slot: Slot;
  /** Throws SpaceMismatchError or InvalidInputError, which begins with `door`, for a row that does not fit. */
  readonly write: (row: ContextRow, door: string) => void;
}

/** Observation, action in (-1, 1), reward and perhaps the next observation. */
function rowOf({ builder, observationSpace, actionSpace, bounds }: Site, inferred: Fields): Row {
  const hasNext = booleanOf('task.inferred.nextObservation', inferred.nextObservation);
  const rewardName = inferred.reward === null ? null : textOf('task.inferred.reward', inferred.reward);
  const { size, numbersOf } = bounds();
  const afterAction = observationSpace.flatSize + size;
  const slot = builder.workspace.slot(afterAction + 1 + (hasNext ? observationSpace.flatSize : 0));
  const given = new Float64Array(size);
  return {
    slot,
    write: (row, door) => {
      const { data } = slot;
      const { observation, action, reward, info, nextObservation } = row ?? {};
      encodeValue(observationSpace, observation, data, `${door}.observation`);
      encodeValue(actionSpace, action, given, `${door}.action`);
      numbersOf(given, data, observationSpace.flatSize);
      const field = rewardName === null ? 'reward' : `info.${rewardName}`;
      const value: unknown = rewardName === null ? reward : info?.[rewardName];
      if (!Number.isFinite(value)) {
        throw new InvalidInputError(`${door}.${field}`, `expected a finite number, got ${showValue(value)}`);
      }
      data[afterAction] = value as number;
      if (hasNext)
        encodeValue(observationSpace, nextObservation, data, `${door}.nextObservation`, afterAction + 1);
    },
  };
}

type Encoder = (rows: number, write: (row: number) => void) => Belief;

function encoderOf(builder: Builder, json: unknown, row: Slot, size: number): Encoder {
  const path = 'task.inferred.encoder';
  const type = oneOf(`${path}.type`, anyFieldsOf(path, json).type, ['product', 'attention']);
  return type === 'product'
    ? productOf(builder, path, json, row, size)
    : attentionOf(builder, path, json, row, size);
}

/** Rakelly et al. 2019, section 4.1: precisions add up, and the mean is that of the factors weighted by them. */
function productOf(builder: Builder, path: string, json: unknown, row: Slot, size: number): Encoder {
  const fields = fieldsOf(path, json, 'type layers includePrior');
  const includePrior = booleanOf(`${path}.includePrior`, fields.includePrior);
  const { output, run } = buildNetwork(builder, `${path}.layers`, fields.layers, row);
  if (output.length !== 2 * size)
    refuse(`${path}.layers`, `expected ${2 * size} outputs, got ${output.length}`);
  return (rows, write) => {
    const precisions = zeros(size).map(() => (includePrior ? 1 : 0));
    const sums = zeros(size);
    for (let n = 0; n < rows; n++) {
      write(n);
      run();
      for (let i = 0; i < size; i++) {
        const precision = 1 / Math.max(softplus(output.data[size + i]!), SMALLEST_VARIANCE);
        precisions[i]! += precision;
        sums[i]! += precision * output.data[i]!;
      }
    }
    return {
      mean: sums.map((sum, i) => sum / precisions[i]!),
      variance: precisions.map((value) => 1 / value),
    };
  };
}

/** Lee et al. 2019, "Set Transformer", section 3.2: scores of all rows weigh their values, head by head. */
function attentionOf(builder: Builder, path: string, json: unknown, row: Slot, size: number): Encoder {
  const fields = fieldsOf(path, json, 'type layers heads belief');
  const heads = countOf(`${path}.heads`, fields.heads);
  const { output, run } = buildNetwork(builder, `${path}.layers`, fields.layers, row);
  const valueSize = output.length - heads;
  if (valueSize < 1) refuse(`${path}.layers`, `expected more than ${heads} outputs, got ${output.length}`);
  const pooled = builder.workspace.slot(heads * valueSize + 1);
  const belief = buildNetwork(builder, `${path}.belief`, fields.belief, pooled);
  if (belief.output.length !== 2 * size) {
    refuse(`${path}.belief`, `expected ${2 * size} outputs, got ${belief.output.length}`);
  }
  return (rows, write) => {
    const seen = Array.from({ length: rows }, (_, n) => {
      write(n);
      run();
      return output.data.slice();
    });
    for (let h = 0; h < heads; h++) {
      const largest = Math.max(...seen.map((values) => values[h]!));
      const weights = seen.map((values) => Math.exp(values[h]! - largest));
      const mass = weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < valueSize; i++) {
        let sum = 0;
        for (let n = 0; n < rows; n++) sum += weights[n]! * seen[n]![heads + i]!;
        pooled.data[h * valueSize + i] = sum / mass;
      }
    }
    pooled.data[heads * valueSize] = Math.log(rows);
    belief.run();
    const numbers = Array.from(belief.output.data);
    return { mean: numbers.slice(0, size), variance: numbers.slice(size).map(softplus) };
  };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function zeros(size: number): number[] {
  return new Array<number>(size).fill(0);
}
