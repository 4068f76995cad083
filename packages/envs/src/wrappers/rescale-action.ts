import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  InvalidInputError,
  isBoundedBox,
  SpaceMismatchError,
  type StepResult,
} from '@maxent/core';
import { checkAction } from '../check-action.js';
import { EnvironmentWrapper } from './wrapper.js';

/**
 * Takes actions in [low, high] for every entry, by default [-1, 1], and maps them affinely onto the inner environment's
 * bounds. An action beyond the range maps beyond the bounds, where the inner environment decides what happens.
 */
export class RescaleAction<Observation, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  BoxArray,
  Observation,
  StepInfo
> {
  private readonly bounds: Box;
  private readonly rescaled: Box;

  /** Throws SpaceMismatchError unless the inner action space is a bounded Box, InvalidInputError for low >= high. */
  constructor(inner: Environment<Observation, BoxArray, StepInfo>, low = -1, high = 1) {
    super(inner);
    const space = inner.actionSpace;
    if (!isBoundedBox(space)) {
      throw new SpaceMismatchError(
        `RescaleAction: expected a Box action space with finite bounds, got ${space.toString()}`,
      );
    }
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
      throw new InvalidInputError('low', `expected finite bounds with low < high, got [${low}, ${high}]`);
    }
    this.bounds = space;
    this.rescaled = new Box({ low, high, shape: space.shape, dataType: space.dataType, names: space.names });
  }

  override get actionSpace(): Box {
    return this.rescaled;
  }

  override step(action: BoxArray): StepResult<Observation, StepInfo> {
    checkAction(this.rescaled, action);
    const scaled = action.slice();
    for (let i = 0; i < scaled.length; i++) {
      const low = this.rescaled.low[i]!;
      const fraction = (action[i]! - low) / (this.rescaled.high[i]! - low);
      // With these weights, both ends of the range map exactly onto the bounds.
      scaled[i] = this.bounds.low[i]! * (1 - fraction) + this.bounds.high[i]! * fraction;
    }
    return this.inner.step(scaled);
  }
}
