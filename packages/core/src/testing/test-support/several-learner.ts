import type { ActOptions } from '../../agent.js';
import { Rng } from '../../random/rng.js';
import type { Snapshot } from '../../snapshot.js';
import type { BoxArray } from '../../spaces/box.js';
import { Learner } from './learner.js';

/** A Learner that can learn from several environments. Broken ones differ in one method. */
export class SeveralLearner extends Learner {
  private others = new Map<number, Rng>();

  override act(observation: BoxArray, options: ActOptions): BoxArray {
    if (options.deterministic || options.rng !== undefined) return super.act(observation, options);
    return super.act(observation, { deterministic: false, rng: this.streamOf(options.environment) });
  }

  protected streamOf(environment = 0): Rng {
    if (environment === 0) return this.rng;
    const stream = this.others.get(environment) ?? this.rng.split(`environment ${environment}`);
    this.others.set(environment, stream);
    return stream;
  }

  override save(): Snapshot {
    const { metadata, ...rest } = super.save();
    const others = Array.from(this.others, ([environment, rng]) => [environment, rng.state()] as const);
    return { ...rest, metadata: { ...metadata, others: Object.fromEntries(others) } };
  }

  override load(snapshot: Snapshot): void {
    super.load(snapshot);
    const others = Object.entries(snapshot.metadata.others as object);
    this.others = new Map(others.map(([environment, state]) => [Number(environment), Rng.fromState(state)]));
  }
}
