import type { ActOptions, Agent, Transition, UpdateResult } from '../../agent.js';
import { SnapshotMismatchError, SpaceMismatchError } from '../../errors.js';
import type { AgentContext } from '../../plugin.js';
import { Rng } from '../../random/rng.js';
import { rowLogOf, type Snapshot } from '../../snapshot.js';
import { Box, type BoxArray } from '../../spaces/box.js';

const CAPACITY = 12;
const WIDTH = 3;

/** Counts the buffers that learners hold, as a tensor backend would. */
export const buffers = { live: 0 };

/** A small agent that keeps every rule, for tests that break one. It moves a linear policy towards past rewards. */
export class Learner implements Agent<BoxArray, BoxArray> {
  weights: Float64Array;
  rng: Rng;
  /** Row i % CAPACITY holds the i-th transition: two numbers of the observation, and the reward. */
  memory = new Float64Array(CAPACITY * WIDTH);
  observed = 0;

  constructor(readonly context: AgentContext) {
    if (!(context.actionSpace instanceof Box)) throw new SpaceMismatchError('Learner: expected a Box');
    this.weights = new Float64Array(context.actionSpace.flatSize);
    this.rng = context.rng.split('learner');
    this.rng.fillNormal(this.weights);
    buffers.live += 1;
  }

  act(observation: BoxArray, { deterministic, rng = this.rng }: ActOptions): BoxArray {
    return Float32Array.from(this.weights, (weight) => {
      const mean = weight * observation[0]!;
      return Math.min(Math.max(deterministic ? mean : mean + rng.normal(0, 0.3), -1), 1);
    });
  }

  observe({ observation, reward, terminated }: Transition<BoxArray, BoxArray>): void {
    this.memory.set([observation[0]!, terminated ? 0 : 1, reward], (this.observed % CAPACITY) * WIDTH);
    this.observed += 1;
  }

  update(): UpdateResult {
    if (this.observed < 5 || this.observed % 2 === 0) return { gradientSteps: 0, metrics: () => ({}) };
    const row = this.rng.integer(Math.min(this.observed, CAPACITY)) * WIDTH;
    const step = 0.1 * this.memory[row]! * this.memory[row + 1]! * this.memory[row + 2]!;
    this.weights.forEach((weight, i) => {
      this.weights[i] = weight + step;
    });
    return { gradientSteps: 1, metrics: () => ({ step }) };
  }

  save(): Snapshot {
    const rows = Math.min(this.observed, CAPACITY);
    const data = new Float64Array(rows * WIDTH);
    for (let i = 0; i < rows; i++) {
      const slot = (this.observed - rows + i) % CAPACITY;
      data.set(this.memory.subarray(slot * WIDTH, (slot + 1) * WIDTH), i * WIDTH);
    }
    const columns = { row: { dataType: 'float64', width: WIDTH } } as const;
    return {
      arrays: { weights: { shape: [this.weights.length], data: this.weights.slice() } },
      rows: { memory: rowLogOf(columns, CAPACITY, this.observed, { row: data }) },
      metadata: { rng: this.rng.state() },
    };
  }

  load({ arrays, rows, metadata }: Snapshot): void {
    const memory = rows?.memory;
    if (arrays.weights === undefined || memory === undefined) {
      throw new SnapshotMismatchError('Learner: not a snapshot of a Learner');
    }
    this.weights = Float64Array.from(arrays.weights.data);
    this.rng = Rng.fromState(metadata.rng);
    this.observed = memory.appended;
    const oldest = Math.max(0, memory.appended - CAPACITY);
    const data = memory.read(oldest, memory.appended).row!;
    for (let i = 0; i * WIDTH < data.length; i++) {
      this.memory.set(data.subarray(i * WIDTH, (i + 1) * WIDTH), ((oldest + i) % CAPACITY) * WIDTH);
    }
  }

  dispose(): void {
    buffers.live -= 1;
  }
}
