import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  isBox,
  SpaceMismatchError,
  type StepResult,
} from '@maxent/core';
import { checkAction } from '../check-action.js';
import { EnvironmentWrapper } from './wrapper.js';

/** Takes any real action and clips it to the inner environment's bounds. */
export class ClipAction<Observation, StepInfo extends Info = Info> extends EnvironmentWrapper<
  Observation,
  BoxArray,
  Observation,
  StepInfo
> {
  private readonly bounds: Box;
  private readonly unbounded: Box;

  /** Throws SpaceMismatchError unless the inner action space is a Box. */
  constructor(inner: Environment<Observation, BoxArray, StepInfo>) {
    super(inner);
    const space = inner.actionSpace;
    if (!isBox(space)) {
      throw new SpaceMismatchError(`ClipAction: expected a Box action space, got ${space.toString()}`);
    }
    this.bounds = space;
    this.unbounded = new Box({
      low: -Infinity,
      high: Infinity,
      shape: space.shape,
      dataType: space.dataType,
      names: space.names,
    });
  }

  override get actionSpace(): Box {
    return this.unbounded;
  }

  override step(action: BoxArray): StepResult<Observation, StepInfo> {
    checkAction(this.unbounded, action);
    const { low, high } = this.bounds;
    const clipped = action.slice();
    for (let i = 0; i < clipped.length; i++) {
      clipped[i] = Math.min(Math.max(action[i]!, low[i]!), high[i]!);
    }
    return this.inner.step(clipped);
  }
}
