import { Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';

/** The plane extends from -7 to 7 in both directions. */
const LIMIT = 7;
const MAX_STEP = 1;
const GOALS = {
  east: [5, 0],
  west: [-5, 0],
  north: [0, 5],
  south: [0, -5],
} as const;
type Goal = keyof typeof GOALS;
const GOAL_NAMES = Object.keys(GOALS) as Goal[];

const multiGoalOptions = z.object({
  goals: z
    .array(z.enum(GOAL_NAMES))
    .min(1)
    .default(GOAL_NAMES)
    .describe('Which of the four goals count: all of them, or fewer for a narrower task.'),
  actionCost: z.number().min(0).default(30).describe("Cost per unit of the action's squared length."),
  distanceCost: z
    .number()
    .min(0)
    .default(1)
    .describe('Cost per unit of the squared distance to the nearest goal.'),
  goalReward: z.number().default(10).describe('Reward for a step that ends within the radius of a goal.'),
  goalRadius: z.number().positive().default(1).describe('Distance within which a goal counts as reached.'),
  terminateAtGoal: z.boolean().default(true).describe('Whether reaching a goal ends the episode.'),
  startDeviation: z
    .number()
    .min(0)
    .default(0.1)
    .describe('Standard deviation of the start position around the origin, in both directions.'),
});

/** The index of the goal that the point has reached, or null. */
export type MultiGoalInfo = { readonly goal: number | null };

/**
 * A point between four equally good goals. In this world soft Q-learning keeps going to all four (Haarnoja, Tang,
 * Abbeel and Levine 2017, section 5.1). Observation: position in [-7, 7]^2. Action: displacement, clipped to [-1, 1]
 * in both entries; the position is clipped to the plane. Goals at (+-5, 0) and (0, +-5). The reward for
 * the clipped action a and the position s' after the step is -actionCost |a|^2 - distanceCost min_g |s' - g|^2, plus
 * `goalReward` within `goalRadius` of a goal. The defaults come from the authors' soft Q-learning code; their soft
 * actor-critic code has actionCost 1, distanceCost 0.1 and goalReward 1. `info.goal` is the index of the goal reached,
 * in the order east, west, north, south, or null.
 */
export class MultiGoal extends StateVectorEnvironment<Float32Array, BoxArray, MultiGoalInfo> {
  protected override readonly picture = 'MultiGoal';
  readonly observationSpace = new Box({ low: -LIMIT, high: LIMIT, shape: [2], names: ['x', 'y'] });
  readonly actionSpace = new Box({ low: -MAX_STEP, high: MAX_STEP, shape: [2], names: ['x', 'y'] });

  constructor(readonly options: z.output<typeof multiGoalOptions> = multiGoalOptions.parse({})) {
    super(2);
  }

  protected start(rng: Rng): void {
    for (let i = 0; i < 2; i++) {
      this.state[i] = clip(rng.normal(0, this.options.startDeviation), LIMIT);
    }
  }

  protected advance(action: BoxArray): Outcome {
    const { actionCost, distanceCost, goalReward, terminateAtGoal } = this.options;
    let squaredLength = 0;
    for (let i = 0; i < 2; i++) {
      const displacement = clip(action[i]!, MAX_STEP);
      squaredLength += displacement ** 2;
      this.state[i] = clip(this.state[i]! + displacement, LIMIT);
    }
    const { squaredDistance } = this.nearestGoal();
    const reached = this.reachedGoal() !== null;
    const reward = -actionCost * squaredLength - distanceCost * squaredDistance + (reached ? goalReward : 0);
    return { reward, terminated: reached && terminateAtGoal };
  }

  protected override info(): MultiGoalInfo {
    return { goal: this.reachedGoal() };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }

  private reachedGoal(): number | null {
    const { goal, squaredDistance } = this.nearestGoal();
    return Math.sqrt(squaredDistance) < this.options.goalRadius ? goal : null;
  }

  private nearestGoal(): { goal: number; squaredDistance: number } {
    let nearest = { goal: 0, squaredDistance: Infinity };
    for (const name of this.options.goals) {
      const [x, y] = GOALS[name];
      const squaredDistance = (this.state[0]! - x) ** 2 + (this.state[1]! - y) ** 2;
      if (squaredDistance < nearest.squaredDistance)
        nearest = { goal: GOAL_NAMES.indexOf(name), squaredDistance };
    }
    return nearest;
  }
}

export const multiGoal = defineEnvironment({
  id: 'MultiGoal-v0',
  description: 'Move a point on a plane to one of four equally good goals.',
  options: multiGoalOptions,
  maxEpisodeSteps: 30,
  create: (options) => new MultiGoal(options),
});
