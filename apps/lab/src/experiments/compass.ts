import {
  type BoxArray,
  Discrete,
  defineEnvironment,
  type Environment,
  type ResetOptions,
  type Snapshot,
} from '@maxent/core';
import { MultiGoal, multiGoal } from '@maxent/envs';

/** East, and on counterclockwise. */
const DIRECTIONS = Array.from({ length: 8 }, (_, i) => {
  const angle = (i * Math.PI) / 4;
  return Float32Array.of(Math.cos(angle), Math.sin(angle));
});

/** The multi-goal world for agents with discrete actions: steps of length 1 in eight directions. */
class CompassMultiGoal implements Environment<BoxArray, number> {
  readonly actionSpace = new Discrete(DIRECTIONS.length);

  constructor(private readonly world: MultiGoal) {}

  get observationSpace() {
    return this.world.observationSpace;
  }

  reset(options?: ResetOptions) {
    return this.world.reset(options);
  }

  step(direction: number) {
    return this.world.step(DIRECTIONS[direction]!);
  }

  observe() {
    return this.world.observe();
  }

  getState(): Snapshot {
    return this.world.getState();
  }

  setState(state: Snapshot): void {
    this.world.setState(state);
  }

  close(): void {
    this.world.close();
  }
}

export const compassMultiGoal = defineEnvironment({
  id: 'CompassMultiGoal-v0',
  description: 'The multi-goal world with steps in eight directions.',
  options: multiGoal.options,
  maxEpisodeSteps: multiGoal.maxEpisodeSteps,
  create: (options) =>
    new CompassMultiGoal(new MultiGoal(options as ConstructorParameters<typeof MultiGoal>[0])),
});

/** Costs at which walking to a goal pays, whichever it is. */
export const compassOptions = { actionCost: 1, distanceCost: 0.1, goalReward: 10 };

/** Settings of deep Q-learning, hard or soft, in this world. */
export const compassNetwork = {
  hiddenSizes: [128, 128],
  learningRate: 1e-3,
  targetEvery: 1,
  targetRate: 0.01,
};
