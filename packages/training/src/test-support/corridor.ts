import {
  Discrete,
  type Environment,
  type JsonObject,
  type ResetOptions,
  Rng,
  type RngState,
  type StepResult,
} from '@maxent/core';

const LENGTH = 8;
const LONGEST_EPISODE = 25;

/** A slippery corridor: walking right to the end gives a reward of 1; each step has a small random cost. */
export class Corridor implements Environment<number, number> {
  readonly observationSpace = new Discrete(LENGTH);
  readonly actionSpace = new Discrete(2);
  protected rng = Rng.fromSeed(0);
  protected position = 0;
  protected elapsed = 0;

  reset({ seed }: ResetOptions = {}): { observation: number; info: JsonObject } {
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.position = this.rng.integer(3);
    this.elapsed = 0;
    return { observation: this.position, info: {} };
  }

  step(action: number): StepResult<number> {
    const slipped = this.rng.uniform() < 0.2;
    const direction = (action === 1) !== slipped ? 1 : -1;
    this.position = Math.min(LENGTH - 1, Math.max(0, this.position + direction));
    this.elapsed += 1;
    const terminated = this.position === LENGTH - 1;
    return {
      observation: this.position,
      reward: (terminated ? 1 : 0) - 0.01 * this.rng.uniform(),
      terminated,
      truncated: !terminated && this.elapsed >= LONGEST_EPISODE,
      info: {},
    };
  }

  close(): void {}
}

/** The corridor with `getState`, so that it can be checkpointed within an episode. */
export class StatefulCorridor extends Corridor {
  getState() {
    return {
      arrays: {},
      metadata: { rng: this.rng.state(), position: this.position, elapsed: this.elapsed },
    };
  }

  setState({ metadata }: { readonly metadata: JsonObject }): void {
    this.rng = Rng.fromState(metadata.rng as unknown as RngState);
    this.position = metadata.position as number;
    this.elapsed = metadata.elapsed as number;
  }
}

/** Gives a certain reward at one step, counted over all episodes. */
export class FaultyCorridor extends StatefulCorridor {
  private steps = 0;

  constructor(
    private readonly faultAt: number,
    private readonly reward: number,
  ) {
    super();
  }

  override step(action: number): StepResult<number> {
    const result = super.step(action);
    this.steps += 1;
    return this.steps === this.faultAt ? { ...result, reward: this.reward } : result;
  }
}

/** Remembers over all episodes how often it was stepped, and pays for that; notifies a listener before each step. */
export class WornCorridor extends StatefulCorridor {
  private wear = 0;

  constructor(private readonly beforeStep: (wear: number) => void) {
    super();
  }

  override step(action: number): StepResult<number> {
    this.beforeStep(this.wear);
    const result = super.step(action);
    this.wear += 1;
    return { ...result, reward: result.reward - 1e-3 * this.wear };
  }

  override getState() {
    const { arrays, metadata } = super.getState();
    return { arrays, metadata: { ...metadata, wear: this.wear } };
  }

  override setState(state: { readonly metadata: JsonObject }): void {
    super.setState(state);
    this.wear = state.metadata.wear as number;
  }
}
