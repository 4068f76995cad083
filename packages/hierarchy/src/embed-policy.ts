import {
  Box,
  type BoxArray,
  type Environment,
  InvalidInputError,
  isBox,
  isFloat32Array,
  type ResetOptions,
  type ResetResult,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  SpaceMismatchError,
  type StepResult,
} from '@maxent/core';
import { checkAction, EnvironmentWrapper, originalRewardOf } from '@maxent/envs';
import type { FrozenPolicy } from './frozen-policy.js';
import { type ObservationPart, type ObservationReader, observationReader } from './observation-part.js';

export interface EmbedPolicyOptions {
  /** The part of the observation that the embedded policy sees; default all of it. */
  readonly sees?: ObservationPart | null | undefined;
  /** Number of steps for which a latent is held; default 1. */
  readonly every?: number | undefined;
  /** Discount per step of the environment, for the reward of a held latent; default 1. */
  readonly discount?: number | undefined;
}

/**
 * An environment whose action is the latent of a trained level and whose step applies the frozen map, p(s' | s, h) =
 * p(s' | s, f(h; s)): algorithm 1 of Haarnoja et al. 2018, line 5. Observations stay the environment's.
 *
 * A latent held for k steps gives a new action in each of their states. The reward of such a step is sum_i discount^i
 * r_i over the environment steps that it took. `duration` counts them (fewer than k if the episode ended), so that a
 * learner bootstraps with discount^duration. With a discount, `originalReward` is the plain sum.
 *
 * @throws SpaceMismatchError if the policy's actions or observations do not fit the environment, InvalidInputError if
 * an option is out of range.
 */
export function embedPolicy(
  environment: Environment,
  policy: FrozenPolicy,
  options: EmbedPolicyOptions = {},
): Environment<unknown, BoxArray> {
  return new EmbeddedPolicy(environment, policy, options);
}

class EmbeddedPolicy extends EnvironmentWrapper<unknown, BoxArray> {
  private readonly latents: Box;
  private readonly every: number;
  private readonly discount: number;
  private readonly reader: ObservationReader;
  /** What the policy sees of the current state; empty before the first reset. */
  private seen: Float32Array = new Float32Array(0);

  constructor(
    inner: Environment,
    private readonly policy: FrozenPolicy,
    { sees = null, every = 1, discount = 1 }: EmbedPolicyOptions,
  ) {
    super(inner);
    if (!Number.isInteger(every) || every < 1) {
      throw new InvalidInputError('every', `expected a positive integer, got ${every}`);
    }
    if (!(discount >= 0 && discount <= 1)) {
      throw new InvalidInputError('discount', `expected a number from 0 to 1, got ${discount}`);
    }
    this.every = every;
    this.discount = discount;
    this.reader = observationReader(inner.observationSpace, sees);
    requireFit(policy, this.reader.size, inner);
    this.latents = new Box({ low: -Infinity, high: Infinity, shape: [policy.latentSize] });
  }

  override get actionSpace(): Space<BoxArray> {
    return this.latents;
  }

  override reset(options?: ResetOptions): ResetResult<unknown> {
    const result = super.reset(options);
    this.seen = this.reader.read(result.observation);
    return result;
  }

  override step(latent: BoxArray): StepResult<unknown> {
    checkAction(this.latents, latent);
    let reward = 0;
    let originalReward = 0;
    let duration = 0;
    for (let i = 0; ; i++) {
      // Before the first reset there is no state; the inner environment reports that.
      const action =
        this.seen.length === 0
          ? this.inner.actionSpace.unflatten(latent)
          : this.policy.act(latent, this.seen);
      const result = this.inner.step(action);
      reward += this.discount ** duration * result.reward;
      originalReward += originalRewardOf(result);
      duration += result.duration ?? 1;
      this.seen = this.reader.read(result.observation);
      if (i + 1 < this.every && !result.terminated && !result.truncated) continue;
      const changed = result.originalReward !== undefined || (this.discount < 1 && this.every > 1);
      return { ...result, reward, duration, ...(changed && { originalReward }) };
    }
  }

  protected override saveOwn(): Snapshot {
    return { arrays: { seen: { shape: [this.seen.length], data: this.seen } }, metadata: {} };
  }

  protected override loadOwn(own: Snapshot): void {
    const seen = own.arrays.seen?.data;
    if (!isFloat32Array(seen) || ![0, this.reader.size].includes(seen.length)) {
      throw new SnapshotMismatchError(
        `arrays.seen: expected the ${this.reader.size} float32 numbers that the embedded policy sees`,
      );
    }
    this.seen = seen.slice();
  }
}

/** Throws SpaceMismatchError unless a policy can act in an environment that shows it so many numbers. */
export function requireFit(policy: FrozenPolicy, seenSize: number, environment: Environment): void {
  const { actionSpace } = environment;
  if (!isBox(actionSpace) || !sameBounds(actionSpace, policy.actionSpace)) {
    throw new SpaceMismatchError(
      `embedPolicy: the policy acts in ${policy.actionSpace.toString()} with its bounds, but the environment takes ${actionSpace.toString()}`,
    );
  }
  if (seenSize !== policy.observationSize) {
    throw new SpaceMismatchError(
      `embedPolicy: the policy reads ${policy.observationSize} numbers of the state, but is given ${seenSize}; set \`sees\``,
    );
  }
}

function sameBounds(a: Box, b: Box): boolean {
  return a.low.join() === b.low.join() && a.high.join() === b.high.join();
}
