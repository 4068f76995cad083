import {
  Box,
  type BoxArray,
  type Environment,
  encodeValue,
  InvalidInputError,
  isBox,
  type Space,
} from '@maxent/core';
import { EnvironmentWrapper } from '@maxent/envs';

/** Entries `from` to `to - 1` of the flattened observation. */
export type ObservationPart = { readonly from: number; readonly to: number };

export interface ObservationReader {
  /** How many numbers it reads. */
  readonly size: number;
  read(observation: unknown): Float32Array;
}

/**
 * Copies what a level sees from observations: one part of them, or all. Throws InvalidInputError for an empty part;
 * `read` throws SpaceMismatchError if the observation does not belong to the space or is not finite.
 */
export function observationReader(space: Space<unknown>, part: ObservationPart | null): ObservationReader {
  const { from, to } = part ?? { from: 0, to: space.flatSize };
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= space.flatSize)) {
    throw new InvalidInputError(
      'sees',
      `expected whole numbers from < to within the ${space.flatSize} numbers of an observation, got ${from} to ${to}`,
    );
  }
  const whole = new Float32Array(space.flatSize);
  return {
    size: to - from,
    read: (observation) => {
      encodeValue(space, observation, whole, 'observation');
      return whole.slice(from, to);
    },
  };
}

/** An environment that shows only a part of its observation. */
export class SeePart extends EnvironmentWrapper<BoxArray, unknown, unknown> {
  private readonly space: Box;
  private readonly reader: ObservationReader;

  constructor(inner: Environment, part: ObservationPart) {
    super(inner);
    const { observationSpace } = inner;
    this.reader = observationReader(observationSpace, part);
    const bounds = isBox(observationSpace) ? observationSpace : undefined;
    this.space = new Box({
      low: bounds?.low.slice(part.from, part.to) ?? -Infinity,
      high: bounds?.high.slice(part.from, part.to) ?? Infinity,
      shape: [this.reader.size],
    });
  }

  override get observationSpace(): Box {
    return this.space;
  }

  protected override view(observation: unknown): BoxArray {
    return this.reader.read(observation);
  }
}
