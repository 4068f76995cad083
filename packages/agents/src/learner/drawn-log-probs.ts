import { InvalidInputError, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import type { AgentPart } from './agent-parts.js';
import { environmentOf } from './environments.js';

/** An action in the learner's coordinates, and log mu(a | s) of the policy that drew it, in nats. */
interface Drawn {
  readonly action: Float32Array;
  readonly logProb: number;
}

/**
 * The log-probability of the action that an agent last drew in each environment, kept until the action is observed. Other
 * actions have none.
 */
export class DrawnLogProbs implements AgentPart {
  private drawn = new Map<number, Drawn>();

  constructor(private readonly actionSize: number) {}

  /** Takes over the action. */
  remember(action: Float32Array, logProb: number, environment = 0): void {
    this.drawn.set(environment, { action, logProb });
  }

  /**
   * The log-probability of the action that was drawn last, which is forgotten.
   *
   * @throws InvalidInputError, changing nothing, unless this is that action.
   */
  take(action: Float32Array, environment = 0): number {
    const last = this.drawn.get(environment);
    if (last === undefined || last.action.some((entry, i) => entry !== action[i])) {
      throw new InvalidInputError(
        'observe: action',
        `expected the action that act drew last in environment ${environment}, because n-step returns count its entropy; set nStep to 1 to learn from other actions`,
      );
    }
    this.drawn.delete(environment);
    return last.logProb;
  }

  save(): Snapshot {
    const entries = Array.from(
      this.drawn,
      ([environment, { action, logProb }]) => [environment, [...action, logProb]] as const,
    );
    return { arrays: {}, metadata: Object.fromEntries(entries) };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot holds something else. */
  load({ metadata }: Snapshot): void {
    this.drawn = new Map(
      Object.entries(metadata).map(([key, stored]) => {
        const environment = environmentOf(key);
        const numbers = Array.isArray(stored) && stored.every((value) => typeof value === 'number');
        if (environment === undefined || !numbers || stored.length !== this.actionSize + 1) {
          throw new SnapshotMismatchError(
            `drawnLogProbs: expected ${this.actionSize + 1} numbers for each environment, got ${showStored(stored)} for ${key}`,
          );
        }
        const [action, logProb] = [stored.slice(0, -1), stored.at(-1)] as [number[], number];
        return [environment, { action: Float32Array.from(action), logProb }];
      }),
    );
  }
}
