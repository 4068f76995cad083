import { type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { requireDoubleArray } from './snapshot-parts.js';

export interface NStepWindowOptions {
  /** n, the number of rewards before the bootstrap. */
  readonly length: number;
  /** Per step of the underlying process. */
  readonly discount: number;
  readonly observationSize: number;
  /** Entries of an action, [d]; the default, [], is for Discrete actions, whose steps last one and have no `logProb`. */
  readonly actionShape?: readonly [] | readonly [d: number] | undefined;
}

/** One step, or several combined: from `observation` by `action` to `nextObservation`. */
export interface NStepRow {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  /** Discounted sum of the rewards along the way. */
  readonly reward: number;
  /** Discounted sum of the log-probabilities along the way, without the first action's. */
  readonly logProb: number;
  readonly nextObservation: Float32Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Steps of the underlying process. */
  readonly duration: number;
}

export interface NStepWindowStep extends Omit<NStepRow, 'logProb'> {
  /**
   * What the objective adds to the reward for choosing an action in this state. It counts for the steps that came
   * before: the action of Q(s, a) itself is given, not chosen.
   */
  readonly bonus?: number;
  /** Of the action, by the policy that drew it; default 0. It counts as the bonus does. */
  readonly logProb?: number;
}

/** A step whose n rewards are not complete. */
interface Waiting {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  reward: number;
  logProb: number;
  /** Number of rewards summed so far. */
  count: number;
  /** The durations of these steps. */
  duration: number;
}

/**
 * Sums n rewards for each step (s_t, a_t):
 *
 *   r_t + sum_{k=1}^{n-1} discount^k (r_{t+k} + bonus_{t+k}),  then discount^n V(s_{t+n}),
 *
 * and apart from it sum_{k=1}^{n-1} discount^k logProb_{t+k}. Where steps take longer, the exponent is the time passed. If
 * the episode ends earlier, so do the sums: after k rewards, it bootstraps from the last state with discount^k if a time
 * limit ended the episode, and not at all if it terminated. The steps in between are the acting policy's,
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
    const { observation, action, reward, duration, nextObservation, terminated, truncated } = step;
    const { bonus = 0, logProb = 0 } = step;
    for (const earlier of this.waiting) {
      const weight = discount ** earlier.duration;
      earlier.reward += weight * (reward + bonus);
      earlier.logProb += weight * logProb;
      earlier.count += 1;
      earlier.duration += duration;
    }
    const [kept, chosen] = [observation.slice(), action.slice()];
    this.waiting.push({ observation: kept, action: chosen, reward, logProb: 0, count: 1, duration });
    const ended = terminated || truncated;
    while (this.waiting.length > 0 && (ended || this.waiting[0]!.count === length)) {
      emit({ ...this.waiting.shift()!, nextObservation, terminated, truncated });
    }
  }

  save(): Snapshot {
    const { waiting } = this;
    const { observationSize, actionShape = [] } = this.options;
    const numbers = (value: (step: Waiting) => number) => ({
      shape: [waiting.length],
      data: Float64Array.from(waiting, value),
    });
    return {
      arrays: {
        observations: {
          shape: [waiting.length, observationSize],
          data: Float64Array.from(waiting.flatMap(({ observation }) => [...observation])),
        },
        actions: {
          shape: [waiting.length, ...actionShape],
          data: Float64Array.from(waiting.flatMap(({ action }) => [...action])),
        },
        rewards: numbers(({ reward }) => reward),
        counts: numbers(({ count }) => count),
        ...(actionShape.length > 0 && {
          logProbs: numbers(({ logProb }) => logProb),
          durations: numbers(({ duration }) => duration),
        }),
      },
      metadata: {},
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot does not come from a window like this one. */
  load(snapshot: Snapshot): void {
    const { observationSize, length, actionShape = [] } = this.options;
    const [actionSize = 1] = actionShape;
    const size = snapshot.arrays.rewards?.data.length ?? 0;
    if (size >= length) {
      throw new SnapshotMismatchError(
        `n-step window: ${size} steps wait, expected fewer than nStep = ${length}`,
      );
    }
    const read = (name: string, ...shape: number[]) =>
      requireDoubleArray(snapshot, name, [size, ...shape], 'n-step window');
    const observations = read('observations', observationSize);
    const [actions, rewards, counts] = [read('actions', ...actionShape), read('rewards'), read('counts')];
    // Discrete actions have no log-probabilities, and each of their steps lasts one.
    const [logProbs, durations] =
      actionShape.length > 0 ? [read('logProbs'), read('durations')] : [new Float64Array(size), counts];
    this.waiting = Array.from({ length: size }, (_, i) => ({
      observation: Float32Array.from(observations.subarray(i * observationSize, (i + 1) * observationSize)),
      action: Float32Array.from(actions.subarray(i * actionSize, (i + 1) * actionSize)),
      reward: rewards[i]!,
      logProb: logProbs[i]!,
      count: counts[i]!,
      duration: durations[i]!,
    }));
  }
}
