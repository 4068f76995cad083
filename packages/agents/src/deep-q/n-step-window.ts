import { type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { requireDoubleArray } from '../learner/snapshot-parts.js';

export interface NStepWindowOptions {
  /** n, the number of rewards before the bootstrap. */
  readonly length: number;
  readonly discount: number;
  readonly observationSize: number;
}

/** One step, or several combined: from `observation` by `action` to `nextObservation`. */
export interface NStepRow {
  readonly observation: Float32Array;
  readonly action: number;
  /** Discounted sum of the rewards along the way. */
  readonly reward: number;
  readonly nextObservation: Float32Array;
  /** Factor of V(nextObservation) in the Bellman target: a power of the discount, 0 after termination. */
  readonly bootstrap: number;
}

export interface NStepWindowStep extends Pick<NStepRow, 'observation' | 'action' | 'nextObservation'> {
  readonly reward: number;
  /**
   * What the objective adds to the reward for choosing an action in this state. It counts for the steps that came
   * before: the action of Q(s, a) itself is given, not chosen.
   */
  readonly bonus: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** A step whose n rewards are not complete. */
interface Waiting {
  readonly observation: Float32Array;
  readonly action: number;
  reward: number;
  /** Number of rewards summed so far. */
  count: number;
}

/**
 * Sums n rewards for each step (s_t, a_t):
 *
 *   r_t + sum_{k=1}^{n-1} discount^k (r_{t+k} + bonus_{t+k}),  then discount^n V(s_{t+n}).
 *
 * If the episode ends earlier, so does the sum: after k rewards, it bootstraps from the last state with discount^k if a
 * time limit ended the episode, and not at all if it terminated. The steps in between are the acting policy's,
 * uncorrected for what the learned policy would have done, as in Rainbow (Hessel et al. 2018, arXiv 1710.02298).
 */
export class NStepWindow {
  private waiting: Waiting[] = [];

  constructor(private readonly options: NStepWindowOptions) {}

  /** Whether no step is waiting for more rewards, so that the next step's bonus does not count. */
  get empty(): boolean {
    return this.waiting.length === 0;
  }

  /** Adds a step and passes every row that it completes to `emit`. */
  push(step: NStepWindowStep, emit: (row: NStepRow) => void): void {
    const { length, discount } = this.options;
    for (const earlier of this.waiting) {
      earlier.reward += discount ** earlier.count * (step.reward + step.bonus);
      earlier.count += 1;
    }
    const { observation, action, reward, nextObservation, terminated, truncated } = step;
    this.waiting.push({ observation: observation.slice(), action, reward, count: 1 });
    const ended = terminated || truncated;
    while (this.waiting.length > 0 && (ended || this.waiting[0]!.count === length)) {
      const { count, ...row } = this.waiting.shift()!;
      emit({ ...row, nextObservation, bootstrap: terminated ? 0 : discount ** count });
    }
  }

  save(): Snapshot {
    const { waiting } = this;
    const numbers = (value: (step: Waiting) => number) => ({
      shape: [waiting.length],
      data: Float64Array.from(waiting, value),
    });
    return {
      arrays: {
        observations: {
          shape: [waiting.length, this.options.observationSize],
          data: Float64Array.from(waiting.flatMap(({ observation }) => [...observation])),
        },
        actions: numbers(({ action }) => action),
        rewards: numbers(({ reward }) => reward),
        counts: numbers(({ count }) => count),
      },
      metadata: {},
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot does not come from a window like this one. */
  load(snapshot: Snapshot): void {
    const { observationSize, length } = this.options;
    const size = snapshot.arrays.actions?.data.length ?? 0;
    if (size >= length) {
      throw new SnapshotMismatchError(
        `n-step window: ${size} steps wait, expected fewer than nStep = ${length}`,
      );
    }
    const read = (name: string, ...shape: number[]) =>
      requireDoubleArray(snapshot, name, [size, ...shape], 'n-step window');
    const observations = read('observations', observationSize);
    const [actions, rewards, counts] = [read('actions'), read('rewards'), read('counts')];
    this.waiting = Array.from({ length: size }, (_, i) => ({
      observation: Float32Array.from(observations.subarray(i * observationSize, (i + 1) * observationSize)),
      action: actions[i]!,
      reward: rewards[i]!,
      count: counts[i]!,
    }));
  }
}
