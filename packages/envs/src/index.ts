export { checkAction } from './check-action.js';
export { Acrobot, acrobot } from './classic/acrobot.js';
export { CartPole, cartPole } from './classic/cart-pole.js';
export { MountainCar, mountainCar } from './classic/mountain-car.js';
export { MountainCarContinuous, mountainCarContinuous } from './classic/mountain-car-continuous.js';
export { Pendulum, pendulum } from './classic/pendulum.js';
export { LinearQuadratic, linearQuadratic } from './continuous/linear-quadratic.js';
export { MultiGoal, type MultiGoalInfo, multiGoal } from './continuous/multi-goal.js';
export { EpisodePhase } from './episode-phase.js';
export { makeEnvironment } from './make-environment.js';
export { Maze, type Place, type Rectangle } from './maze/maze.js';
export { type MazeOptions, mazeOptions, mazeTask } from './maze/maze-task.js';
export { PointMass, type PointMassInfo, placeOf, pointMaze } from './maze/point-maze.js';
export { pointMultiDirection } from './maze/point-multi-direction.js';
export { type GoalInfo, type MoveToGoal, ReachGoal, type ReachGoalOptions } from './maze/reach-goal.js';
export { envsPlugin } from './plugin.js';
export { requireDoubles } from './require-doubles.js';
export { type Outcome, StateVectorEnvironment } from './state-vector-environment.js';
export { chain, chainEnvironment } from './tabular/chain.js';
export {
  cliffWalking,
  cliffWalkingEnvironment,
  cliffWalkingSlipperyEnvironment,
} from './tabular/cliff-walking.js';
export { frozenLake, frozenLake8x8Environment, frozenLakeEnvironment } from './tabular/frozen-lake.js';
export { gridWorld, gridWorldEnvironment } from './tabular/grid-world.js';
export { lottery, lotteryEnvironment } from './tabular/lottery.js';
export { type EmitOutcome, mdpFromOutcomes, type OutcomeTable } from './tabular/mdp-from-outcomes.js';
export { type RandomMdpOptions, randomMdp } from './tabular/random-mdp.js';
export { type StateObservation, TabularEnvironment } from './tabular/tabular-environment.js';
export { type TaxiInfo, taxi, taxiEnvironment } from './tabular/taxi.js';
export { type BanditTask, bernoulliBanditFamily } from './tasks/bernoulli-bandit.js';
export { dealTasks, drawTasks, repeatTasks } from './tasks/draw-tasks.js';
export { miniNavi, miniNaviFamily, type NaviGoal } from './tasks/mini-navi.js';
export { type NoisyLineTask, noisyLine, noisyLineFamily } from './tasks/noisy-line.js';
export {
  type PointGoal,
  PointRobot,
  type PointRobotInfo,
  type PointRobotOptions,
  pointRobotFamily,
  sparsePointRobotFamily,
} from './tasks/point-robot.js';
export { SyncVectorEnvironment } from './vector/sync-vector-environment.js';
export { ClipAction } from './wrappers/clip-action.js';
export { FlattenObservation } from './wrappers/flatten-observation.js';
export { FrameSkip } from './wrappers/frame-skip.js';
export type { NormalizationOptions } from './wrappers/normalization-options.js';
export { NormalizeObservation } from './wrappers/normalize-observation.js';
export { NormalizeReward, type NormalizeRewardOptions } from './wrappers/normalize-reward.js';
export { type EpisodeStatistics, RecordEpisodeStatistics } from './wrappers/record-episode-statistics.js';
export { RescaleAction } from './wrappers/rescale-action.js';
export { TimeLimit } from './wrappers/time-limit.js';
export { TransformReward, type TransformRewardOptions } from './wrappers/transform-reward.js';
export { EnvironmentWrapper, originalRewardOf } from './wrappers/wrapper.js';
