import { type Belief, encodeValue, isDiscrete, type Space, type Transition } from '@maxent/core';
import type { Field } from '../file/field.js';
import { boundsOf } from '../heads/bounds.js';
import { softmax } from '../network/choose.js';
import { type Builder, buildNetwork } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';
import { numbersSpace } from '../numbers-space.js';

/** One step in a task, as for `Agent.observe`; the policy decides which of the optional fields it needs. */
export type ContextRow = Pick<Transition, 'observation' | 'action' | 'reward'> &
  Partial<Pick<Transition, 'nextObservation' | 'info'>>;

export interface TaskInference {
  readonly size: number;
  /** Undefined if the policy is told the task. */
  readonly infer: ((context: readonly ContextRow[]) => Belief) | undefined;
}

interface Site {
  readonly builder: Builder;
  readonly field: Field;
  readonly actionSpace: Space<unknown>;
  /** The field of the action space, for messages. */
  readonly actions: Field;
}

const SMALLEST_VARIANCE = 1e-7;

/** `PolicyTask` of @maxent/core. */
export function taskOf(site: Site): TaskInference {
  const fields = site.field.fields('size inferred');
  const size = fields.size.count();
  if (fields.inferred.value === null) return { size, infer: undefined };
  const inferred = fields.inferred.fields('encoder nextObservation reward');
  const row = rowOf(site, inferred);
  const encode = inferred.encoder.pick({ product, attention })(
    site.builder,
    inferred.encoder,
    row.slot,
    size,
  );
  return {
    size,
    infer: (context) => {
      if (context.length === 0) return { mean: filled(size, 0), variance: filled(size, 1) };
      return encode(context.length, (i) => row.write(context[i]!, `infer: context[${i}]`));
    },
  };
}

interface Row {
  readonly slot: Slot;
  /** Throws SpaceMismatchError or InvalidInputError, which begins with `door`, for a row that does not fit. */
  readonly write: (row: ContextRow, door: string) => void;
}

/** A row of observation, action (in (-1, 1) or one-hot), reward and perhaps the next observation. */
function rowOf(
  { builder, actionSpace, actions }: Site,
  inferred: Record<'nextObservation' | 'reward', Field>,
): Row {
  const { observationSpace } = builder;
  const hasNext = inferred.nextObservation.choice(true, false);
  const rewardName = inferred.reward.value === null ? null : inferred.reward.text();
  const bounds = !isDiscrete(actionSpace) && boundsOf(actionSpace, actions);
  const beforeAction = observationSpace.flatSize;
  const afterAction = beforeAction + actionSpace.flatSize;
  const slot = builder.workspace.slot(afterAction + 1 + (hasNext ? observationSpace.flatSize : 0));
  const rewards = numbersSpace(1);
  return {
    slot,
    write: (row, door) => {
      const { data } = slot;
      const { observation, action, reward, info, nextObservation } = row ?? {};
      encodeValue(observationSpace, observation, data, `${door}.observation`);
      encodeValue(actionSpace, action, data, `${door}.action`, beforeAction);
      if (bounds) bounds.toNumbers(data, beforeAction);
      const value = rewardName === null ? reward : info?.[rewardName];
      encodeValue(
        rewards,
        [value],
        data,
        `${door}.${rewardName === null ? '' : 'info.'}${rewardName ?? 'reward'}`,
        afterAction,
      );
      if (hasNext)
        encodeValue(observationSpace, nextObservation, data, `${door}.nextObservation`, afterAction + 1);
    },
  };
}

type Encoder = (rows: number, write: (row: number) => void) => Belief;

/** Rakelly et al. 2019, section 4.1: precisions add up, and the mean is the precision-weighted mean of the factors. */
function product(builder: Builder, encoder: Field, row: Slot, size: number): Encoder {
  const { layers, includePrior } = encoder.fields('type layers includePrior');
  const priors = Number(includePrior.choice(true, false));
  const { output, run } = buildNetwork(builder, layers, row, 2 * size);
  return (rows, write) => {
    const precisions = filled(size, priors);
    const sums = filled(size, 0);
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

/** Lee et al. 2019, "Set Transformer", section 3.2: for each head, the rows' scores weight their values. */
function attention(builder: Builder, encoder: Field, row: Slot, size: number): Encoder {
  const fields = encoder.fields('type layers heads belief');
  const heads = fields.heads.count();
  const { output, run } = buildNetwork(builder, fields.layers, row);
  const valueSize = output.length - heads;
  fields.layers.require(valueSize > 0, `more than ${heads} outputs`, output.length);
  const pooled = builder.workspace.slot(heads * valueSize + 1);
  const belief = buildNetwork(builder, fields.belief, pooled, 2 * size);
  return (rows, write) => {
    const seen = Array.from({ length: rows }, (_, n) => {
      write(n);
      run();
      return output.data.slice();
    });
    for (let h = 0; h < heads; h++) {
      const weights = softmax(Float64Array.from(seen, (values) => values[h]!));
      for (let i = 0; i < valueSize; i++) {
        let sum = 0;
        for (let n = 0; n < rows; n++) sum += weights[n]! * seen[n]![heads + i]!;
        pooled.data[h * valueSize + i] = sum;
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

function filled(size: number, value: number): number[] {
  return new Array<number>(size).fill(value);
}
