import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  isBox,
  isDict,
  isDiscrete,
  isMultiDiscrete,
  requireForm,
  type Space,
  SpaceMismatchError,
} from '@maxent/core';
import { EnvironmentWrapper } from './wrapper.js';

/**
 * Flattens every observation into one vector, as Gymnasium's `flatten` does: Boxes row by row, Discrete and
 * MultiDiscrete entries one-hot, the parts of a Dict sorted by name.
 */
export class FlattenObservation<Observation, Action, StepInfo extends Info = Info> extends EnvironmentWrapper<
  BoxArray,
  Action,
  Observation,
  StepInfo
> {
  private readonly flat: Box;

  /** Throws SpaceMismatchError for a kind of space that has no bounds to flatten. */
  constructor(inner: Environment<Observation, Action, StepInfo>) {
    super(inner);
    const low: number[] = [];
    const high: number[] = [];
    const dataType = collectBounds(inner.observationSpace, low, high) ? 'float64' : 'float32';
    this.flat = new Box({ low, high, dataType });
  }

  override get observationSpace(): Box {
    return this.flat;
  }

  protected override view(observation: Observation): BoxArray {
    const { flatSize, dataType } = this.flat;
    const vector = dataType === 'float64' ? new Float64Array(flatSize) : new Float32Array(flatSize);
    requireForm(this.inner.observationSpace, observation, 'FlattenObservation: observation');
    this.inner.observationSpace.flattenInto(observation, vector);
    return vector;
  }
}

/** Appends the bounds of a space's flat form. Returns true if any part has double precision. */
function collectBounds(space: Space<unknown>, low: number[], high: number[]): boolean {
  if (isBox(space)) {
    low.push(...space.low);
    high.push(...space.high);
    return space.dataType === 'float64';
  }
  if (isDiscrete(space) || isMultiDiscrete(space)) {
    for (let i = 0; i < space.flatSize; i++) {
      low.push(0);
      high.push(1);
    }
    return false;
  }
  if (isDict(space)) {
    const names = Object.keys(space.spaces).sort();
    return names.map((name) => collectBounds(space.spaces[name]!, low, high)).some((double) => double);
  }
  throw new SpaceMismatchError(
    `FlattenObservation: expected a Box, Discrete, MultiDiscrete or Dict, got ${space.toString()}`,
  );
}
