import type { Environment, RenderOptions } from '@maxent/core';
import type { LinearQuadratic } from '../continuous/linear-quadratic.js';
import type { MultiGoal } from '../continuous/multi-goal.js';
import type { PointMass } from '../maze/point-maze.js';
import type { TabularEnvironment } from '../tabular/tabular-environment.js';
import type { CoinRewards } from '../tasks/coin-rewards.js';
import type { PointRobot } from '../tasks/point-robot.js';
import { acrobot } from './acrobot.js';
import { cartPole } from './cart-pole.js';
import { coins } from './coins.js';
import { grid } from './grid.js';
import { maze, openGround } from './ground.js';
import { mountainCar } from './mountain-car.js';
import { pendulum } from './pendulum.js';
import { bars, plane, regulated } from './plane.js';
import { states } from './states.js';
import { taxi } from './taxi.js';

const MULTI_GOALS = { east: [5, 0], west: [-5, 0], north: [0, 5], south: [0, -5] } as const;

/**
 * How environments are drawn, by the name in their `picture`, from a copy of their state. Loaded when the first picture
 * is drawn, so that pages without pictures do not load it; therefore it imports nothing but types from environments.
 */
export const draw = {
  State: (state: Float64Array) => bars('The state as bars', state),
  Acrobot: acrobot,
  CartPole: cartPole,
  Pendulum: pendulum,
  MountainCar: ([position]: Float64Array, { actionSpace }: Environment) =>
    mountainCar(position!, actionSpace.kind === 'box' ? 0.45 : 0.5),
  MultiGoal: (state: Float64Array, { options }: MultiGoal) => {
    const goals = options.goals.map((name) => ({ at: MULTI_GOALS[name], radius: options.goalRadius }));
    return plane({ label: 'A point on a plane with goals', reach: 7, spacing: 1, goals }, state);
  },
  LinearQuadratic: (state: Float64Array, { options }: LinearQuadratic) =>
    regulated(Math.max(3 * options.startDeviation, 0.1), state),
  PointRobot: (state: Float64Array, { options: { goal, goalRadius } }: PointRobot) => {
    const goals = [{ at: [goal.x, goal.y] as const, radius: goalRadius }];
    return plane({ label: 'A point and its goal', reach: 1.5, spacing: 0.5, goals }, state);
  },
  PointMaze: (state: Float64Array, environment: PointMass, { goals = [] }: RenderOptions = {}) => {
    const walls = environment.maze.walls?.();
    return walls === undefined ? openGround(goals, state) : maze(walls, goals, state);
  },
  Tabular: ([state]: Float64Array, { mdp }: TabularEnvironment) =>
    mdp.grid === undefined ? states(mdp, state!) : grid(mdp, mdp.grid, state!),
  Taxi: ([state]: Float64Array) => taxi(state!),
  Coins: ([state]: Float64Array, { rewards }: { readonly rewards: CoinRewards }) => coins(rewards, state!),
} as const;
